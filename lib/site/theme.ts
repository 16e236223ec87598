/** How typedoc lays pages out: a page a module, with all that it exports, and the same links above every page. */
import {
  DefaultTheme,
  DefaultThemeRenderContext,
  JSX,
  KindRouter,
  type Options,
  type PageEvent,
  type Reflection,
  ReflectionKind,
  type TypeDocOptionMap,
} from 'typedoc';
import { portable } from '../setup/tools/project';

/** What stands above every page, by its place from the root of the site. */
const LINKS = {
  Guide: 'index.html',
  'Where the paper is': 'documents/PAPER.md.html',
  Notebooks: 'documents/notebooks.html',
  Reference: 'modules.html',
};

/** Pages of modules and of documents, documents by the paths of their files. */
export class ModulePages extends KindRouter {
  protected override getPageKind(target: Reflection) {
    return target.kindOf([ReflectionKind.Module, ReflectionKind.Document])
      ? super.getPageKind(target)
      : undefined;
  }

  protected override getIdealBaseName(target: Reflection): string {
    const file = target.isDocument() ? target.project.files.getReflectionPath(target) : undefined;
    return file === undefined
      ? super.getIdealBaseName(target)
      : `documents/${this.getUrlSafeName(portable(file).replaceAll('/', '.'))}`;
  }
}

export class ModuleTheme extends DefaultTheme {
  override getRenderContext(page: PageEvent<Reflection>) {
    return toldByModule(new DefaultThemeRenderContext(this.router, this, page, this.optionsFor(page)));
  }

  /** typedoc writes links above a page as they are given, so each page is given its own. */
  private optionsFor({ model }: PageEvent<Reflection>): Options {
    const links = Object.entries(LINKS).map(([label, place]) => [
      label,
      this.router.baseRelativeUrl(model, place),
    ]);
    const { options } = this.application;
    const getValue = (name: keyof TypeDocOptionMap) =>
      name === 'navigationLinks' ? Object.fromEntries(links) : options.getValue(name);
    return Object.create(options, { getValue: { value: getValue } });
  }
}

/** A module's page tells all of its members, a type with fields by its code; a room's page lists its modules. */
function toldByModule(context: DefaultThemeRenderContext): DefaultThemeRenderContext {
  const { moduleReflection: listed, memberDeclaration: declared } = context;
  context.moduleReflection = (module) =>
    module.children?.some((child) => child.kindOf(ReflectionKind.Module))
      ? listed(module)
      : together(
          JSX.createElement('section', { class: 'tsd-panel tsd-comment' }, context.commentSummary(module)),
          context.members(module),
        );
  context.memberDeclaration = (member) =>
    member.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias]) && member.children
      ? together(
          context.reflectionPreview(member),
          context.commentSummary(member),
          member.typeParameters && context.typeParameters(member.typeParameters),
        )
      : declared(member);
  return context;
}

const together = (...parts: JSX.Children[]) => JSX.createElement(JSX.Fragment, null, ...parts);
