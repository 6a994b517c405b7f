/** URL of a workflow's page in Temporal's Web UI; null if no Web UI is known. A query, such as a token, stays. */
export function webUrlOf(webUi: string | null, namespace: string, workflowId: string): string | null {
  if (webUi === null) return null;
  const [base = '', ...query] = webUi.split('?');
  const page = `/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return [base.replace(/\/$/, '') + page, ...query].join('?');
}
