// Suites written by others, pinned. `own`: the words of the project's own test command for its framework, as the tarball's scripts have them,
// without coverage.
const npm = (name, version, framework, own = [], more = {}) => ({ kind: 'npm', name, version, framework, own, ...more });
const pypi = (name, version, needs = [], more = {}) => ({
  kind: 'pypi',
  name,
  version,
  framework: 'pytest',
  own: [],
  needs,
  ...more,
});
const go = (module, version, more = {}) => ({ kind: 'go', name: module, version, framework: 'go', own: [], ...more });

export const SUITES = [
  npm('eslint-plugin-security', '4.1.0', 'mocha', ['test/**']),
  npm('light-my-request', '6.8.1', 'node'),
  npm('@fastify/error', '4.3.0', 'node'),
  npm('@fastify/cookie', '11.1.5', 'node'),
  npm('fastify-plugin', '6.0.1', 'node'),
  npm('json-schema-ref-resolver', '3.0.1', 'node'),
  npm('fast-json-stringify', '7.3.10', 'node'),
  npm('@fastify/multipart', '10.1.9', 'node'),
  npm('pino-http', '11.0.0', 'node'),
  pypi('attrs', '26.1.0', ['hypothesis', 'cloudpickle']),
  pypi('click', '8.5.1'),
  pypi('itsdangerous', '2.2.0', ['freezegun']),
  pypi('marshmallow', '4.4.0', ['simplejson']),
  pypi('cachetools', '5.5.2'),
  pypi('python-slugify', '9.2.0'),
  pypi('iniconfig', '2.3.1'),
  pypi('pluggy', '1.7.0'),
  pypi('markupsafe', '3.0.4'),
  pypi('jinja2', '3.1.6', ['trio']),
  go('github.com/gorilla/mux', 'v1.8.1'),
  go('github.com/spf13/cobra', 'v1.10.2'),
  go('github.com/google/go-cmp', 'v0.7.0'),
  go('github.com/stretchr/testify', 'v1.12.1'),
  go('github.com/spf13/pflag', 'v1.1.0'),
  go('github.com/google/uuid', 'v1.6.0'),
  go('github.com/go-chi/chi/v5', 'v5.5.0'),
  go('github.com/sirupsen/logrus', 'v1.10.2'),
  go('github.com/spf13/cast', 'v1.10.0'),
];
