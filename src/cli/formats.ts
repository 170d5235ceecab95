/** What `--format` may name, by what is asked for; the completion proposes just these. */
export const CHECK_FORMATS = ['text', 'json', 'jsonl', 'junit', 'tap', 'nagios', 'prometheus', 'markdown', 'github'] as const;
export const REPORT_FORMATS = ['text', 'json', 'md', 'html', 'junit', 'csv'] as const;
export const RECONCILE_FORMATS = ['text', 'json', 'csv', 'html', 'md'] as const;
export const LINT_FORMATS = ['text', 'json', 'sarif', 'github'] as const;
/** `text` is the playbook as it was written, as `yaml` is. */
export const SHOW_FORMATS = ['yaml', 'text', 'md'] as const;
export const GRAPH_FORMATS = ['mermaid', 'svg'] as const;
