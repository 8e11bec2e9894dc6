/**
 * The compact Python AST: plain immutable objects with UTF-16 offsets into the file's text.
 * Shape only; how it is made from text is in `lower*.ts`, what it means is in evaluate/.
 */

/** Offsets are UTF-16 units from the start of the file; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Identifier extends Span {
  readonly id: string
}

/** A dotted name as written in an import, e.g. `a.b`. */
export interface DottedName extends Span {
  readonly id: string
}

// ---------------------------------------------------------------------------------------------- expressions

export type Expression =
  | NameExpression | ConstantExpression | NumberExpression | StringExpression | BytesExpression | FormattedString
  | AttributeExpression | SubscriptExpression | SliceExpression | CallExpression
  | UnaryExpression | BinaryExpression | BooleanExpression | CompareExpression | ConditionalExpression
  | LambdaExpression | SequenceExpression | DictExpression | ComprehensionExpression
  | StarredExpression | AwaitExpression | YieldExpression | NamedExpression | ErrorExpression

export interface NameExpression extends Span { readonly kind: 'name', readonly id: string }
export interface ConstantExpression extends Span { readonly kind: 'constant', readonly value: 'None' | 'True' | 'False' | '...' }
export interface NumberExpression extends Span {
  readonly kind: 'number'
  readonly type: 'int' | 'float' | 'imaginary'
  /** A bigint only for an int beyond 2^53. */
  readonly value: number | bigint
}
export interface StringExpression extends Span { readonly kind: 'string', readonly value: string }
export interface BytesExpression extends Span { readonly kind: 'bytes', readonly value: Uint8Array }
export interface FormattedString extends Span { readonly kind: 'fstring', readonly parts: readonly FormattedPart[] }
export type FormattedPart = string | FormattedValue
export interface FormattedValue extends Span {
  readonly value: Expression
  readonly conversion: 's' | 'r' | 'a' | undefined
  readonly format: readonly FormattedPart[] | undefined
  /** The source text with its `=`, for `f"{x=}"`. */
  readonly debug: string | undefined
}
export interface AttributeExpression extends Span { readonly kind: 'attribute', readonly object: Expression, readonly name: Identifier }
export interface SubscriptExpression extends Span { readonly kind: 'subscript', readonly object: Expression, readonly index: Expression }
export interface SliceExpression extends Span {
  readonly kind: 'slice'
  readonly lower: Expression | undefined
  readonly upper: Expression | undefined
  readonly step: Expression | undefined
}
export interface CallExpression extends Span { readonly kind: 'call', readonly callee: Expression, readonly args: readonly Argument[] }
export interface Argument extends Span {
  readonly kind: 'positional' | 'star' | 'keyword' | 'doubleStar'
  readonly name: Identifier | undefined
  readonly value: Expression
}
export type UnaryOperator = '-' | '+' | '~' | 'not'
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^'
export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'is' | 'is not' | 'in' | 'not in'
export interface UnaryExpression extends Span { readonly kind: 'unary', readonly operator: UnaryOperator, readonly operand: Expression }
export interface BinaryExpression extends Span { readonly kind: 'binary', readonly operator: BinaryOperator, readonly left: Expression, readonly right: Expression }
export interface BooleanExpression extends Span { readonly kind: 'boolean', readonly operator: 'and' | 'or', readonly values: readonly Expression[] }
export interface CompareExpression extends Span {
  readonly kind: 'compare'
  readonly first: Expression
  readonly rest: readonly { readonly operator: CompareOperator, readonly value: Expression }[]
}
export interface ConditionalExpression extends Span { readonly kind: 'conditional', readonly test: Expression, readonly then: Expression, readonly otherwise: Expression }
export interface LambdaExpression extends Span { readonly kind: 'lambda', readonly parameters: readonly Parameter[], readonly body: Expression }
export interface SequenceExpression extends Span { readonly kind: 'tuple' | 'list' | 'set', readonly items: readonly Expression[] }
export interface DictExpression extends Span {
  readonly kind: 'dict'
  /** A missing key means `**value`. */
  readonly entries: readonly { readonly key: Expression | undefined, readonly value: Expression }[]
}
export interface ComprehensionExpression extends Span {
  readonly kind: 'comprehension'
  readonly type: 'list' | 'set' | 'dict' | 'generator'
  /** The element, or the key of a dict comprehension. */
  readonly element: Expression
  readonly value: Expression | undefined
  readonly clauses: readonly ComprehensionClause[]
}
export interface ComprehensionClause {
  readonly target: Expression
  readonly iterable: Expression
  readonly conditions: readonly Expression[]
  readonly isAsync: boolean
}
export interface StarredExpression extends Span { readonly kind: 'starred', readonly value: Expression }
export interface AwaitExpression extends Span { readonly kind: 'await', readonly value: Expression }
export interface YieldExpression extends Span { readonly kind: 'yield', readonly from: boolean, readonly value: Expression | undefined }
export interface NamedExpression extends Span { readonly kind: 'named', readonly target: NameExpression, readonly value: Expression }
/** Text that is not an expression, or one beyond a limit. */
export interface ErrorExpression extends Span { readonly kind: 'error', readonly reason: string }

export interface Parameter extends Span {
  readonly kind: 'plain' | 'star' | 'doubleStar' | 'keywordMarker' | 'positionalMarker'
  readonly name: Identifier | undefined
  readonly annotation: Expression | undefined
  readonly defaultValue: Expression | undefined
}

// ---------------------------------------------------------------------------------------------- statements

export type Statement =
  | ExpressionStatement | AssignStatement | AnnotatedAssignStatement | AugmentedAssignStatement
  | ReturnStatement | RaiseStatement | AssertStatement | DeleteStatement | SimpleStatement
  | ImportStatement | ImportFromStatement | ScopeStatement | TypeAliasStatement
  | IfStatement | WhileStatement | ForStatement | TryStatement | WithStatement | MatchStatement
  | FunctionStatement | ClassStatement | ErrorStatement

export interface ExpressionStatement extends Span { readonly kind: 'expression', readonly value: Expression }
export interface AssignStatement extends Span { readonly kind: 'assign', readonly targets: readonly Expression[], readonly value: Expression }
export interface AnnotatedAssignStatement extends Span {
  readonly kind: 'annotatedAssign'
  readonly target: Expression
  readonly annotation: Expression
  readonly value: Expression | undefined
}
export interface AugmentedAssignStatement extends Span { readonly kind: 'augmentedAssign', readonly target: Expression, readonly operator: BinaryOperator, readonly value: Expression }
export interface ReturnStatement extends Span { readonly kind: 'return', readonly value: Expression | undefined }
export interface RaiseStatement extends Span { readonly kind: 'raise', readonly value: Expression | undefined, readonly cause: Expression | undefined }
export interface AssertStatement extends Span { readonly kind: 'assert', readonly test: Expression, readonly message: Expression | undefined }
export interface DeleteStatement extends Span { readonly kind: 'delete', readonly targets: readonly Expression[] }
export interface SimpleStatement extends Span { readonly kind: 'pass' | 'break' | 'continue' }
export interface ImportName extends Span { readonly name: DottedName, readonly alias: Identifier | undefined }
export interface ImportStatement extends Span { readonly kind: 'import', readonly names: readonly ImportName[] }
export interface ImportFromStatement extends Span {
  readonly kind: 'importFrom'
  /** Leading dots; 0 for an absolute import. */
  readonly level: number
  readonly module: DottedName | undefined
  /** `'*'` for a star import. */
  readonly names: readonly ImportName[] | '*'
}
export interface ScopeStatement extends Span { readonly kind: 'global' | 'nonlocal', readonly names: readonly Identifier[] }
export interface TypeAliasStatement extends Span { readonly kind: 'typeAlias', readonly name: Identifier | undefined, readonly value: Expression }
export interface IfStatement extends Span {
  readonly kind: 'if'
  /** `if` and every `elif`, in order. */
  readonly branches: readonly { readonly test: Expression, readonly body: readonly Statement[] }[]
  readonly otherwise: readonly Statement[]
}
export interface WhileStatement extends Span { readonly kind: 'while', readonly test: Expression, readonly body: readonly Statement[], readonly otherwise: readonly Statement[] }
export interface ForStatement extends Span {
  readonly kind: 'for'
  readonly target: Expression
  readonly iterable: Expression
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
  readonly isAsync: boolean
}
export interface ExceptHandler extends Span { readonly type: Expression | undefined, readonly name: Identifier | undefined, readonly body: readonly Statement[]
  /** `except*`: the name is bound to a group of exceptions. */
  readonly isGroup?: true
}
export interface TryStatement extends Span {
  readonly kind: 'try'
  readonly body: readonly Statement[]
  readonly handlers: readonly ExceptHandler[]
  readonly otherwise: readonly Statement[]
  readonly final: readonly Statement[]
}
export interface WithStatement extends Span {
  readonly kind: 'with'
  readonly items: readonly { readonly context: Expression, readonly target: Expression | undefined }[]
  readonly body: readonly Statement[]
  readonly isAsync: boolean
}
export interface MatchStatement extends Span {
  readonly kind: 'match'
  readonly subject: Expression
  readonly cases: readonly { readonly pattern: Pattern, readonly guard: Expression | undefined, readonly body: readonly Statement[] }[]
}
export interface Decorator extends Span { readonly value: Expression }
export interface FunctionStatement extends Span {
  readonly kind: 'function'
  readonly name: Identifier
  readonly parameters: readonly Parameter[]
  readonly returns: Expression | undefined
  readonly typeParameters: readonly Identifier[]
  readonly decorators: readonly Decorator[]
  readonly body: readonly Statement[]
  readonly isAsync: boolean
  /** Of a function in a library: its body is parsed when it is read. */
  readonly deferred?: DeferredBody
}
/** What is known of a body that was not parsed. It stands at the top level of a file, or in a class there. */
export interface DeferredBody {
  /** What it begins with: its docstring, or a `pass` that stands for all of it. */
  readonly opening: readonly Statement[]
  /** False when it certainly does not use the class around it. */
  readonly mentionsClass: boolean
  /** The whole function but its decorators. Holds less than the statement: whoever keeps a function for later keeps this. */
  read(): FunctionStatement
  /** Gives the memory of what was read back; it is parsed again if it is read again. */
  release(): void
}
export interface ClassStatement extends Span {
  readonly kind: 'class'
  readonly name: Identifier
  readonly args: readonly Argument[]
  readonly typeParameters: readonly Identifier[]
  readonly decorators: readonly Decorator[]
  readonly body: readonly Statement[]
}
export interface ErrorStatement extends Span { readonly kind: 'error', readonly reason: string }

// ---------------------------------------------------------------------------------------------- patterns

export type Pattern =
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'capture', readonly name: string }
  | { readonly kind: 'value', readonly value: Expression }
  | { readonly kind: 'sequence', readonly items: readonly Pattern[] }
  | { readonly kind: 'star', readonly name: string | undefined }
  | { readonly kind: 'mapping', readonly entries: readonly { readonly key: Expression, readonly value: Pattern }[], readonly rest: string | undefined }
  | { readonly kind: 'class', readonly type: Expression, readonly positional: readonly Pattern[], readonly keywords: readonly { readonly name: string, readonly value: Pattern }[] }
  | { readonly kind: 'or', readonly options: readonly Pattern[] }
  | { readonly kind: 'as', readonly pattern: Pattern, readonly name: string }
  | { readonly kind: 'error', readonly reason: string }

export type Node = Expression | Statement
