import { CLOUDS, type Cloud } from '../../core/fleet/cloud.js';
import type { Environment } from '../../core/model/environment.js';

/** URL of a cloud's metadata service: from the variable that the cloud's own tools honor, or else its well-known address. */
export function metadataUrlOf(cloud: Cloud, env: Environment): string {
  const { url } = CLOUDS[cloud];
  switch (cloud) {
    case 'aws':
      return env.AWS_EC2_METADATA_SERVICE_ENDPOINT || url;
    case 'gcp':
      return env.GCE_METADATA_HOST ? `http://${env.GCE_METADATA_HOST}` : url;
    case 'azure':
      return url; // Azure's tools have no such variable.
  }
}
