import { invalid } from '../dynamo-error.ts';

/** One step into an item: an attribute's name, `#placeholder` for one, or an index into a list. */
export type Step = string | number;

/** The path of a value in an item. */
export type Path = readonly Step[];

/** The parameter that an expression came in, as errors name it. */
export type ExpressionName =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Reads an expression token by token, and collects its placeholders. */
export class TokenReader {
  readonly aliases = new Set<string>();
  readonly values = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #text: string;
  readonly #name: ExpressionName;
  #next = 0;

  constructor(text: string, name: ExpressionName) {
    this.#text = text;
    this.#name = name;
    if (text.trim() === '') {
      throw this.error('The expression can not be empty;');
    }
    if (Buffer.byteLength(text) > maxExpressionLength) {
      throw this.error(
        `Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(text)}`,
      );
    }
    this.#tokens = readTokens(text);
  }

  /** The error for an invalid expression, with the reason. */
  error(what: string) {
    return invalid(`Invalid ${this.#name}: ${what}`);
  }

  peek(ahead = 0): Token {
    return (this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)) as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Consumes the sign if it is the next token, and returns whether it was. */
  trySign(text: string): boolean {
    const { kind } = this.peek();
    if (kind !== 'sign' || this.peek().text !== text) {
      return false;
    }
    this.#next++;
    return true;
  }

  /** Consumes the keyword, in any case, if it is the next token, and returns whether it was. */
  tryWord(word: string): boolean {
    if (!this.isWord(word)) {
      return false;
    }
    this.#next++;
    return true;
  }

  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'name' && text.toUpperCase() === word;
  }

  expectSign(text: string): void {
    if (!this.trySign(text)) {
      throw this.unexpected();
    }
  }

  expectWord(word: string): void {
    if (!this.tryWord(word)) {
      throw this.unexpected();
    }
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') {
      throw this.unexpected();
    }
  }

  /** `#a.b[1]` and the like. */
  path(): Path {
    const steps: Step[] = [this.#step()];
    for (;;) {
      if (this.trySign('.')) {
        steps.push(this.#step());
      } else if (this.trySign('[')) {
        const index = this.take();
        if (index.kind !== 'integer') {
          throw this.unexpected(index);
        }
        steps.push(Number(index.text));
        this.expectSign(']');
      } else {
        return steps;
      }
    }
  }

  /** `:value` */
  value(): string {
    const token = this.take();
    if (token.kind !== 'value') {
      throw this.unexpected(token);
    }
    this.values.add(token.text);
    return token.text;
  }

  /** The error for a token that the grammar does not allow. */
  unexpected({ text, at, kind }: Token = this.peek()) {
    const near =
      kind === 'end'
        ? this.#text.slice(-16)
        : this.#text.slice(Math.max(0, at - 8), at + text.length + 8);
    return this.error(`Syntax error; token: "${text}", near: "${near.trim()}"`);
  }

  #step(): string {
    const token = this.take();
    if (token.kind === 'alias') {
      this.aliases.add(token.text);
      return token.text;
    }
    if (token.kind !== 'name') {
      throw this.unexpected(token);
    }
    if (isReserved(token.text)) {
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }
}

/** One word or sign of an expression, and where it begins. */
export interface Token {
  readonly kind: 'name' | 'alias' | 'value' | 'integer' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const forms =
  /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z][A-Za-z0-9_]*)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const kinds = ['alias', 'value', 'name', 'integer', 'sign'] as const;

/**
 * Maximum length of an expression (DynamoDB developer guide, "Constraints", Expression parameters).
 */
const maxExpressionLength = 4_096;

/**
 * The tokens of an expression, an `end` last. Invalid text becomes a sign that no grammar accepts.
 */
function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const form = new RegExp(forms);
  for (;;) {
    const from = form.lastIndex;
    const found = form.exec(text);
    if (found) {
      const index = found.slice(1).findIndex((group) => group !== undefined);
      const word = found[index + 1] as string;
      tokens.push({ kind: kinds[index] ?? 'sign', text: word, at: form.lastIndex - word.length });
      continue;
    }
    const rest = text.slice(from).trimStart();
    const at = text.length - rest.length;
    if (rest !== '') {
      tokens.push({ kind: 'sign', text: rest.slice(0, 1), at });
    }
    tokens.push({ kind: 'end', text: '<EOF>', at: text.length });
    return tokens;
  }
}

/**
 * Words that an expression may use as an attribute's name only through a placeholder, in upper or
 * lower case (DynamoDB developer guide, "Reserved words in DynamoDB").
 */
const reservedWords: ReadonlySet<string> = new Set(
  `
  ABORT ABSOLUTE ACTION ADD AFTER AGENT AGGREGATE ALL ALLOCATE ALTER ANALYZE AND ANY ARCHIVE ARE
  ARRAY AS ASC ASCII ASENSITIVE ASSERTION ASYMMETRIC AT ATOMIC ATTACH ATTRIBUTE AUTH
  AUTHORIZATION AUTHORIZE AUTO AVG BACK BACKUP BASE BATCH BEFORE BEGIN BETWEEN BIGINT BINARY BIT
  BLOB BLOCK BOOLEAN BOTH BREADTH BUCKET BULK BY BYTE CALL CALLED CALLING CAPACITY CASCADE
  CASCADED CASE CAST CATALOG CHAR CHARACTER CHECK CLASS CLOB CLOSE CLUSTER CLUSTERED CLUSTERING
  CLUSTERS COALESCE COLLATE COLLATION COLLECTION COLUMN COLUMNS COMBINE COMMENT COMMIT COMPACT
  COMPILE COMPRESS CONDITION CONFLICT CONNECT CONNECTION CONSISTENCY CONSISTENT CONSTRAINT
  CONSTRAINTS CONSTRUCTOR CONSUMED CONTINUE CONVERT COPY CORRESPONDING COUNT COUNTER CREATE CROSS
  CUBE CURRENT CURSOR CYCLE DATA DATABASE DATE DATETIME DAY DEALLOCATE DEC DECIMAL DECLARE
  DEFAULT DEFERRABLE DEFERRED DEFINE DEFINED DEFINITION DELETE DELIMITED DEPTH DEREF DESC
  DESCRIBE DESCRIPTOR DETACH DETERMINISTIC DIAGNOSTICS DIRECTORIES DISABLE DISCONNECT DISTINCT
  DISTRIBUTE DO DOMAIN DOUBLE DROP DUMP DURATION DYNAMIC EACH ELEMENT ELSE ELSEIF EMPTY ENABLE
  END EQUAL EQUALS ERROR ESCAPE ESCAPED EVAL EVALUATE EXCEEDED EXCEPT EXCEPTION EXCEPTIONS
  EXCLUSIVE EXEC EXECUTE EXISTS EXIT EXPLAIN EXPLODE EXPORT EXPRESSION EXTENDED EXTERNAL EXTRACT
  FAIL FALSE FAMILY FETCH FIELDS FILE FILTER FILTERING FINAL FINISH FIRST FIXED FLATTERN FLOAT
  FOR FORCE FOREIGN FORMAT FORWARD FOUND FREE FROM FULL FUNCTION FUNCTIONS GENERAL GENERATE GET
  GLOB GLOBAL GO GOTO GRANT GREATER GROUP GROUPING HANDLER HASH HAVE HAVING HEAP HIDDEN HOLD HOUR
  IDENTIFIED IDENTITY IF IGNORE IMMEDIATE IMPORT IN INCLUDING INCLUSIVE INCREMENT INCREMENTAL
  INDEX INDEXED INDEXES INDICATOR INFINITE INITIALLY INLINE INNER INNTER INOUT INPUT INSENSITIVE
  INSERT INSTEAD INT INTEGER INTERSECT INTERVAL INTO INVALIDATE IS ISOLATION ITEM ITEMS ITERATE
  JOIN KEY KEYS LAG LANGUAGE LARGE LAST LATERAL LEAD LEADING LEAVE LEFT LENGTH LESS LEVEL LIKE
  LIMIT LIMITED LINES LIST LOAD LOCAL LOCALTIME LOCALTIMESTAMP LOCATION LOCATOR LOCK LOCKS LOG
  LOGED LONG LOOP LOWER MAP MATCH MATERIALIZED MAX MAXLEN MEMBER MERGE METHOD METRICS MIN MINUS
  MINUTE MISSING MOD MODE MODIFIES MODIFY MODULE MONTH MULTI MULTISET NAME NAMES NATIONAL NATURAL
  NCHAR NCLOB NEW NEXT NO NONE NOT NULL NULLIF NUMBER NUMERIC OBJECT OF OFFLINE OFFSET OLD ON
  ONLINE ONLY OPAQUE OPEN OPERATOR OPTION OR ORDER ORDINALITY OTHER OTHERS OUT OUTER OUTPUT OVER
  OVERLAPS OVERRIDE OWNER PAD PARALLEL PARAMETER PARAMETERS PARTIAL PARTITION PARTITIONED
  PARTITIONS PATH PERCENT PERCENTILE PERMISSION PERMISSIONS PIPE PIPELINED PLAN POOL POSITION
  PRECISION PREPARE PRESERVE PRIMARY PRIOR PRIVATE PRIVILEGES PROCEDURE PROCESSED PROJECT
  PROJECTION PROPERTY PROVISIONING PUBLIC PUT QUERY QUIT QUORUM RAISE RANDOM RANGE RANK RAW READ
  READS REAL REBUILD RECORD RECURSIVE REDUCE REF REFERENCE REFERENCES REFERENCING REGEXP REGION
  REINDEX RELATIVE RELEASE REMAINDER RENAME REPEAT REPLACE REQUEST RESET RESIGNAL RESOURCE
  RESPONSE RESTORE RESTRICT RESULT RETURN RETURNING RETURNS REVERSE REVOKE RIGHT ROLE ROLES
  ROLLBACK ROLLUP ROUTINE ROW ROWS RULE RULES SAMPLE SATISFIES SAVE SAVEPOINT SCAN SCHEMA SCOPE
  SCROLL SEARCH SECOND SECTION SEGMENT SEGMENTS SELECT SELF SEMI SENSITIVE SEPARATE SEQUENCE
  SERIALIZABLE SESSION SET SETS SHARD SHARE SHARED SHORT SHOW SIGNAL SIMILAR SIZE SKEWED SMALLINT
  SNAPSHOT SOME SOURCE SPACE SPACES SPARSE SPECIFIC SPECIFICTYPE SPLIT SQL SQLCODE SQLERROR
  SQLEXCEPTION SQLSTATE SQLWARNING START STATE STATIC STATUS STORAGE STORE STORED STREAM STRING
  STRUCT STYLE SUB SUBMULTISET SUBPARTITION SUBSTRING SUBTYPE SUM SUPER SYMMETRIC SYNONYM SYSTEM
  TABLE TABLESAMPLE TEMP TEMPORARY TERMINATED TEXT THAN THEN THROUGHPUT TIME TIMESTAMP TIMEZONE
  TINYINT TO TOKEN TOTAL TOUCH TRAILING TRANSACTION TRANSFORM TRANSLATE TRANSLATION TREAT TRIGGER
  TRIM TRUE TRUNCATE TTL TUPLE TYPE UNDER UNDO UNION UNIQUE UNIT UNKNOWN UNLOGGED UNNEST
  UNPROCESSED UNSIGNED UNTIL UPDATE UPPER URL USAGE USE USER USERS USING UUID VACUUM VALUE VALUED
  VALUES VARCHAR VARIABLE VARIANCE VARINT VARYING VIEW VIEWS VIRTUAL VOID WAIT WHEN WHENEVER
  WHERE WHILE WINDOW WITH WITHIN WITHOUT WORK WRAPPED WRITE YEAR ZONE
`
    .trim()
    .split(/\s+/),
);

/** Whether DynamoDB refuses this word as a bare attribute name. */
const isReserved = (name: string): boolean => reservedWords.has(name.toUpperCase());
