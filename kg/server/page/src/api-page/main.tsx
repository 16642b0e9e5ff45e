/** The description of the API, read from what the server says of itself, with a form to try each call. */

import "../style/base.css";
import "./api.css";
import sign from "../favicon.svg";
import { render } from "preact";
import { useId, useState } from "preact/hooks";
import { get, url } from "../base/api";
import { ROOT } from "../base/root.ts";
import { asFailure, useLoaded } from "../base/load";
import { Show } from "../base/parts";
import { callsByTag, isList, resolved, typeWords, type Call, type OpenApi, type Parameter, type Schema } from "./openapi";

const MOST_SHOWN = 60_000;

function ApiPage() {
  const loaded = useLoaded("api", (signal) => get<OpenApi>("openapi.json", {}, signal));
  return (
    <>
      <header>
        <a href={ROOT} class="home" aria-label="kg: start page"><img src={sign} alt="" width="24" height="24" /><span>kg</span></a>
        <nav class="views" aria-label="Views"><a href={ROOT}>Graph</a><a href={`${ROOT}?view=sparql`}>SPARQL</a><a href={`${ROOT}api/`} aria-current="page">API</a></nav>
      </header>
      <main class="plain"><Show of={loaded} what="the description">{(api) => <Description of={api} />}</Show></main>
    </>
  );
}

function Description({ of: api }: { of: OpenApi }) {
  const groups = [...callsByTag(api)];
  return (
    <>
      <h1>{api.info.title} <span class="small">{api.info.version}</span></h1>
      {api.info.description && <Prose text={api.info.description} />}
      <p><a href={url("openapi.json")}>The description as JSON (OpenAPI)</a></p>
      {groups.map(([tag, calls]) => (
        <section key={tag} class="tag">
          {groups.length > 1 && <h2>{tag}</h2>}
          {calls.map((call) => <CallItem key={call.method + call.path} call={call} api={api} />)}
        </section>
      ))}
    </>
  );
}

function Prose({ text }: { text: string }) {
  return <div class="prose">{text.split(/\n\s*\n/).map((part, i) => <p key={i}>{part.trim()}</p>)}</div>;
}

function CallItem({ call, api }: { call: Call; api: OpenApi }) {
  const { method, path, operation } = call;
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="call" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code> <span class="summary">{operation.summary}</span></summary>
      {isOpen && (
        <div class="call-body">
          {operation.description && <Prose text={operation.description} />}
          <TryIt call={call} api={api} />
          <h3>Answers</h3>
          <dl class="answers">
            {Object.entries(operation.responses ?? {}).map(([status, answer]) => (
              <div key={status}>
                <dt>{status}</dt>
                <dd>{answer.description}{Object.entries(answer.content ?? {}).map(([type, { schema }]) => (
                  <div key={type}><code>{type}</code> {schema && <Type of={schema} api={api} />}</div>
                ))}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </details>
  );
}

/** A type, with its fields to unfold. */
function Type({ of: schema, api }: { of: Schema; api: OpenApi }) {
  const [isOpen, setOpen] = useState(false);
  const inner = resolved(api, schema.type === "array" ? schema.items : schema);
  const fields = Object.entries(inner.properties ?? {});
  if (!fields.length) return <span class="type">{typeWords(schema)}</span>;
  return (
    <details class="type" onToggle={(event) => (event.stopPropagation(), setOpen(event.currentTarget.open))}>
      <summary>{typeWords(schema)}</summary>
      {isOpen && (
        <ul>
          {fields.map(([name, field]) => (
            <li key={name}><code>{name}</code>{inner.required?.includes(name) ? "" : "?"} <Type of={field} api={api} /> {field.description && <span class="small">{field.description}</span>}</li>
          ))}
        </ul>
      )}
    </details>
  );
}

interface Answer {
  url: string;
  status: number;
  type: string;
  text: string;
  ms: number;
}

function TryIt({ call, api }: { call: Call; api: OpenApi }) {
  const parameters = (call.operation.parameters ?? []).filter((one) => one.in === "path" || one.in === "query");
  const content = call.operation.requestBody?.content ?? {};
  const type = Object.keys(content)[0];
  const [values, setValues] = useState<Record<string, string>>({});
  const [body, setBody] = useState(() => (type ? exampleOf(api, content[type]?.schema) : ""));
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState("");
  const [isAsking, setAsking] = useState(false);
  const id = useId();

  const send = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setProblem("");
    try {
      setAnswer(await ask(call, parameters, values, type, body));
    } catch (error) {
      setProblem(asFailure(error).message);
    } finally {
      setAsking(false);
    }
  };
  return (
    <form class="try" onSubmit={send}>
      {parameters.length > 0 && <h3>Parameters</h3>}
      {parameters.map((one) => (
        <div class="parameter" key={one.name}>
          <label for={`${id}${one.name}`}><code>{one.name}</code>{one.required && <span class="denied"> required</span>}</label>
          <Field id={`${id}${one.name}`} of={one} value={values[one.name] ?? ""} onChange={(value) => setValues({ ...values, [one.name]: value })} />
          <p class="small">{typeWords(one.schema)}{isList(one.schema) && ", separated by commas"}{one.schema?.default !== undefined && one.schema.default !== null && `, usually ${JSON.stringify(one.schema.default)}`}. {one.description}</p>
        </div>
      ))}
      {type && (
        <div class="parameter whole">
          <label for={`${id}body`}>Body, <code>{type}</code> {content[type]?.schema && <Type of={content[type].schema} api={api} />}</label>
          <textarea id={`${id}body`} rows={5} value={body} onInput={(event) => setBody(event.currentTarget.value)} />
        </div>
      )}
      <div><button type="submit" class="main" disabled={isAsking}>{isAsking ? "Asking …" : "Try it"}</button></div>
      {problem && <p role="alert" class="denied">{problem}</p>}
      {answer && <Given answer={answer} />}
    </form>
  );
}

function Field({ id, of: one, value, onChange }: { id: string; of: Parameter; value: string; onChange: (value: string) => void }) {
  const choices = one.schema?.enum ?? one.schema?.anyOf?.find((schema) => schema.enum)?.enum;
  if (choices && !isList(one.schema)) {
    return (
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="" />
        {choices.map((choice) => <option key={String(choice)} value={String(choice)}>{String(choice)}</option>)}
      </select>
    );
  }
  return <input id={id} type="text" required={one.required} value={value} onInput={(event) => onChange(event.currentTarget.value)} />;
}

function Given({ answer }: { answer: Answer }) {
  const { text } = answer;
  return (
    <div role="status">
      <p class="facts"><b>{answer.status}</b> <span>{answer.type}</span> <span>{text.length.toLocaleString("en")} characters in {Math.round(answer.ms)} ms</span></p>
      <p><code>{answer.url}</code></p>
      <pre tabIndex={0} aria-label="Answer">{text.slice(0, MOST_SHOWN)}{text.length > MOST_SHOWN && "\n…"}</pre>
    </div>
  );
}

async function ask(call: Call, parameters: Parameter[], values: Record<string, string>, type: string | undefined, body: string): Promise<Answer> {
  const target = urlOf(call.path, parameters, values);
  const started = performance.now();
  const init = type ? { method: call.method.toUpperCase(), headers: { "Content-Type": type }, body } : { method: call.method.toUpperCase() };
  const given = await fetch(target, init);
  const text = await given.text();
  const kind = given.headers.get("Content-Type") ?? "";
  return { url: target, status: given.status, type: kind, text: kind.includes("json") ? pretty(text) : text, ms: performance.now() - started };
}

function urlOf(path: string, parameters: Parameter[], values: Record<string, string>): string {
  const query = new URLSearchParams();
  let filled = ROOT + path.replace(/^\//, "");
  for (const one of parameters) {
    const value = (values[one.name] ?? "").trim();
    if (one.in === "path") filled = filled.replace(`{${one.name}}`, encodeURIComponent(value));
    else if (value) (isList(one.schema) ? value.split(",") : [value]).forEach((part) => query.append(one.name, part.trim()));
  }
  return query.size ? `${filled}?${query}` : filled;
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function exampleOf(api: OpenApi, schema: Schema | undefined): string {
  const fields = Object.entries(resolved(api, schema).properties ?? {});
  return JSON.stringify(Object.fromEntries(fields.map(([name, field]) => [name, field.default ?? (field.type === "boolean" ? false : field.type === "string" ? "" : null)])), null, 2);
}

render(<ApiPage />, document.getElementById("page")!);
