/** What the JSON API answers; see /api/ for the description that the server gives of itself. */

export interface Ref {
  iri: string;
  label: string;
  class: string;
  value?: string; // of a literal
  unit?: string | null;
  datatype?: string;
}

export type Modality = "asserted" | "planned" | "possible" | "demanded";

export interface Statement {
  id: string;
  subject: Ref;
  predicate: { iri: string; name: string; label: string };
  object: Ref;
  polarity: "positive" | "negative";
  modality: Modality;
  belief: number | null;
  contradicts: string | null;
  n_evidence: number;
  n_documents: number;
  n_independent: number | null;
  sources: string[];
  first: string | null;
  last: string | null;
}

/** Counts in code points of the document's text. */
export interface Span {
  start: number;
  end: number;
  text?: string;
}

export interface Document {
  id: string;
  iri: string;
  title: string | null;
  url: string | null;
  publisher: string | null;
  author: string | null;
  published: string | null;
  language?: string | null;
  n_statements?: number;
}

export interface Place {
  sentence: Span;
  subject: Span;
  predicate: Span;
  object: Span;
}

export interface Evidence extends Place {
  document?: Document;
  time: Span | null;
  cue: Span | null;
  before: string | null;
  after: string | null;
  modality: Modality;
  attribution: { source: Ref | null } | null;
  valid: { start: string | null; end: string | null } | null;
  confidence: number;
  extractor: string;
  subject_link_score: number | null;
  object_link_score: number | null;
}

export interface List<T> {
  total: number;
  items: T[];
}

export interface FullStatement extends Statement {
  evidence: List<Evidence>;
}

export interface Count {
  iri?: string;
  name: string;
  label?: string;
  n: number;
}

export interface GraphSummary {
  revision: string | number;
  n_documents: number;
  n_entities: number;
  n_statements: number;
  n_evidence: number;
  first: string | null;
  last: string | null;
  classes: Count[];
  relations: Count[];
  modalities: Count[];
  sources: Count[];
  has_extract: boolean;
  version: string;
}

export interface OntologyClass {
  iri: string;
  name: string;
  label: string;
  definition: string | null;
  broader: string[];
  top: string;
}

export interface Relation {
  iri: string;
  name: string;
  label: string;
  definition: string | null;
}

export interface Ontology {
  classes: OntologyClass[];
  relations: Relation[];
  prefixes: Record<string, string>;
}

export interface FoundEntity extends Ref {
  matched: string;
  how: string;
  n_statements: number;
}

export interface EntityCard extends Ref {
  class_iri: string;
  class_label: string;
  aliases: string[];
  same_as: string[];
  broader: Ref | null;
  country: string | null;
  n_statements: number;
  n_documents: number;
  first: string | null;
  last: string | null;
  page_iri: string | null;
}

export interface GraphNode extends Ref {
  depth: number;
  n_statements: number;
  rank: number;
}

export interface Facets {
  relations: Count[];
  classes: Count[];
  modalities: Count[];
  polarities: Count[];
  sources: Count[];
  beliefs: number[];
  months: { month: string; n: number }[];
}

export interface Neighbourhood {
  centre: Ref;
  nodes: GraphNode[];
  edges: Statement[];
  total_nodes: number;
  is_total_exact?: boolean;
  total_edges: number;
  facets: Facets;
}

export interface Path {
  nodes: Ref[];
  edges: Statement[];
}

export interface PlacedStatement extends Statement {
  evidence: { items: Place[] } | Place[];
}

export interface FullDocument extends Document {
  text: string | null;
  statements: List<PlacedStatement>;
}

export interface NamedQuery {
  name: string;
  question: string;
  parameters: { name: string; kind: string; default: string | number | null; is_required: boolean }[];
  text: string;
}

export interface Extraction {
  text: string;
  statements: (Statement & { evidence: Evidence[] })[];
  seconds: number;
}
