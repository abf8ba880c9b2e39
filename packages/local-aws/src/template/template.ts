/** A CloudFormation template as `cdk synth` writes it: untrusted data, validated when read. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<
      string,
      {
        readonly Value: unknown;
        readonly Export?: { readonly Name: unknown };
        readonly Condition?: string;
      }
    >
  >;
  readonly Parameters?: Readonly<
    Record<string, { readonly Default?: unknown; readonly Type?: string }>
  >;
  readonly Mappings?: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
  >;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** One resource of a template, its intrinsics not yet resolved. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

/** A template, and the location of the code that it refers to. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Directory (or file) of each asset by the name that the template has for it in S3. */
  readonly assets: ReadonlyMap<string, string>;
}

/** The error for an invalid template. */
export class TemplateError extends Error {
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`${where}: ${problem}`, options);
    this.name = 'TemplateError';
  }
}
