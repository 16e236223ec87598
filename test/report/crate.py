"""The description of a packed set as others read it: crate.py FOLDER exits with 1 where roc-validator finds it no RO-Crate 1.2 or no
Process Run Crate 0.5, or where ro-crate-py does not lead from a figure to the outcomes that it was drawn from.
"""
import hashlib
import sys
from importlib.resources import files
from pathlib import Path

from requests import Response
from rocrate.rocrate import ROCrate
from rocrate_validator.services import validate
from rocrate_validator.utils.http import HttpRequester


def without_network(*_, **__):
    """What the address of RO-Crate's context answers; ro-crate-py has it."""
    answer = Response()
    answer.status_code, answer.headers['Content-Type'] = 200, 'application/ld+json'
    answer._content = (files('rocrate') / 'data' / 'ro-crate.jsonld').read_bytes()
    return answer


def broken(folder, profile):
    """Requirements of a profile that are not met. Those of RO-Crate 1.1, on which Process Run Crate 0.5 builds, ask for that version."""
    asked = {'rocrate_uri': str(folder), 'profile_identifier': profile, 'requirement_severity': 'REQUIRED'}
    return [issue.message for issue in validate(asked).get_issues() if issue.check.identifier.startswith(profile)]


def origins(crate, figure):
    """The names of the documents behind a figure, and the files of the trainings that hold them."""
    drawn, = [action for action in crate.get_by_type('CreateAction') if figure in action.get('result', [])]
    trained = crate.get('#trainings')
    return drawn['object'][0]['identifier'], [one.id for one in trained['result']]


folder = Path(sys.argv[1])
HttpRequester().get = HttpRequester().head = without_network
wrong = broken(folder, 'ro-crate-1.2') + broken(folder, 'process-run-crate')
crate = ROCrate(folder)
figure = next(one for one in crate.get_entities() if one.id.endswith('.svg'))
documents, held = origins(crate, figure)
for one in crate.data_entities:
    if one.get('sha256') not in (None, hashlib.sha256((folder / one.id).read_bytes()).hexdigest()):
        wrong.append(f'{one.id} has another checksum')
print(f'{figure.id}: {len(documents)} documents in {", ".join(held)}', *wrong, sep='\n')
sys.exit(int(len(wrong) > 0 or len(documents) == 0))
