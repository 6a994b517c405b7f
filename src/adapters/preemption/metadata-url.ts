import { CLOUDS, type Cloud } from '../../core/fleet/cloud.js';
import type { Environment } from '../../core/model/environment.js';

/** Where a cloud's metadata service is: where the variable says that the cloud's own programs read, else at its usual address. */
export function metadataUrlOf(cloud: Cloud, env: Environment): string {
  const { url } = CLOUDS[cloud];
  switch (cloud) {
    case 'aws':
      return env.AWS_EC2_METADATA_SERVICE_ENDPOINT || url;
    case 'gcp':
      return env.GCE_METADATA_HOST ? `http://${env.GCE_METADATA_HOST}` : url;
    case 'azure':
      return url; // Its programs read no such variable.
  }
}
