/** URL of a workflow's page in Temporal's Web UI; null if no Web UI is known. */
export function webUrlOf(webUi: string | null, namespace: string, workflowId: string): string | null {
  if (webUi === null) return null;
  return `${webUi.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
