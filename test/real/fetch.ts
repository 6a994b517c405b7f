import { access, chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';

/**
 * A suite written by others, in a folder of this user's cache: fetched by the ordinary package client the first time, whole or not at all,
 * and kept. `make` fills an empty folder. Returns the folder.
 */
async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'holdfast', 'real-suites');
  const folder = join(home, name);
  if (await isThere(folder)) return folder;
  await mkdir(home, { recursive: true });
  const fresh = await mkdtemp(join(home, `.${name}-`));
  try {
    await make(fresh);
    await rename(fresh, folder).catch(async (error: unknown) => {
      if (!(await isThere(folder))) throw error; // Another process was faster.
    });
    return folder;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A scoped package's name in that of its tarball. */
const fileNameOf = (name: string) => name.replace(/^@/, '').replace('/', '-');

/** A package of npm (node:test) whose tarball has its tests; its dev dependencies come from its package.json, their scripts not run. */
export const fetchPackage = (name: string, version: string) =>
  cached(`${fileNameOf(name)}-${version}`, async (folder) => {
    await execa('npm', ['pack', `${name}@${version}`, '--silent'], { cwd: folder });
    await unpack(folder, `${fileNameOf(name)}-${version}.tgz`);
    await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'], { cwd: folder });
  });

export const fetchPino = () => fetchPackage('pino', '10.4.0');
export const fetchFastify = () => fetchPackage('fastify', '5.12.8');

/** A source distribution of PyPI, with itself, pytest and what its tests need in a virtual environment inside. */
export const fetchDistribution = (name: string, version: string, needs: readonly string[]) =>
  cached(`${name}-${version}`, async (folder) => {
    const here: Options = { cwd: folder };
    await execa('python3', ['-m', 'venv', '.venv'], here);
    const pip = (...words: string[]) => execa('.venv/bin/python', ['-m', 'pip', '--disable-pip-version-check', ...words], here);
    await pip('download', '--quiet', '--no-deps', '--no-binary', ':all:', `${name}==${version}`);
    await unpack(folder, `${name.replaceAll('-', '_')}-${version}.tar.gz`);
    await pip('install', '--quiet', 'pytest==9.2.0', ...needs, '.');
  });

export const fetchPackaging = () => fetchDistribution('packaging', '26.3', ['pretend', 'hypothesis', 'tomli_w']);
export const fetchPluggy = () => fetchDistribution('pluggy', '1.6.0', []);
export const fetchCachetools = () => fetchDistribution('cachetools', '5.5.2', []);

/** A library of Maven Central that publishes the sources of its tests, in a project whose pom depends on the library and on what they need. */
export const fetchCommonsCli = () =>
  cached('commons-cli-1.9.0', async (folder) => {
    await writeFile(
      join(folder, 'pom.xml'),
      pomOf({
        plugins: { 'maven-surefire-plugin': '3.5.2' },
        dependencies: [
          'commons-cli:commons-cli:1.9.0',
          'commons-io:commons-io:2.18.0',
          'org.mockito:mockito-core:4.11.0',
          'org.junit.jupiter:junit-jupiter:5.13.4',
        ],
      }),
    );
    const words = ['-Dartifact=commons-cli:commons-cli:1.9.0:jar:test-sources', `-DoutputDirectory=${folder}/src/test/java`];
    await execa('mvn', ['--batch-mode', '--quiet', 'dependency:unpack', ...words], { cwd: folder });
    const [sources, resources] = ['src/test/java', 'src/test/resources'].map((name) =>
      join(folder, name, 'org/apache/commons/cli'),
    );
    await mkdir(`${resources}`, { recursive: true });
    await rename(`${sources}/existing-readable.file`, `${resources}/existing-readable.file`);
  });

/** A project of Maven with the dependencies `group:artifact:version`, and plugins of these versions. */
export function pomOf({
  dependencies,
  plugins = {},
}: {
  dependencies: readonly string[];
  plugins?: Record<string, string>;
}): string {
  const uses = dependencies.map((one) => {
    const [groupId, artifactId, version] = one.split(':');
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  });
  const pinned = Object.entries(plugins).map(
    ([id, version]) => `<plugin><artifactId>${id}</artifactId><version>${version}</version></plugin>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>real</groupId><artifactId>suite</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>${uses.join('')}</dependencies>
  <build><plugins>${pinned.join('')}</plugins></build>
</project>
`;
}

/** A folder in which this version of a framework is installed, its scripts not run. */
export const fetchFramework = (name: string, version: string) =>
  cached(`framework-${name.replace('/', '-')}-${version}`, async (folder) => {
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${version}`];
    await execa('npm', words, { cwd: folder });
  });

/** A Go module, copied out of the module cache, where nothing may be written. zap's tests allow no dot in the folder's name. */
export const fetchModule = (name: string, module: string) =>
  cached(name, async (folder) => {
    const { stdout } = await execa('go', ['mod', 'download', '-json', module], { cwd: folder });
    const { Dir }: { Dir: string } = JSON.parse(stdout);
    await cp(Dir, folder, { recursive: true });
    await makeWritable(folder);
    await execa('go', ['mod', 'download'], { cwd: folder });
  });

export const fetchZap = () => fetchModule('zap-1-28-0', 'go.uber.org/zap@v1.28.0');
export const fetchText = () => fetchModule('text-0-43-0', 'golang.org/x/text@v0.43.0');

/**
 * The source of a Debian package (RSpec), as its authors released it, specs included. It is downloaded with package lists of its own, so that
 * nothing of the system changes; the gems that its specs need are Debian's, and have to be installed.
 */
const fetchDebianSource = (name: string, version: string, { release, needs }: { release: string; needs: readonly string[] }) =>
  cached(`${name}-${version}`, async (folder) => {
    const packages = needs.join(' ');
    await execa('dpkg', ['--status', ...needs]).catch((cause: unknown) => {
      throw new Error(`${name} needs packages of Debian: apt-get install ${packages}`, { cause });
    });
    const apt = join(folder, '.apt');
    await Promise.all(['lists/partial', 'cache/archives/partial'].map((path) => mkdir(join(apt, path), { recursive: true })));
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    await writeFile(join(apt, 'list'), `deb-src [signed-by=${keyring}] http://deb.debian.org/debian ${release} main\n`);
    const settings = {
      'Dir::Etc::SourceList': join(apt, 'list'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::State::Lists': join(apt, 'lists'),
      'Dir::Cache': join(apt, 'cache'),
      'APT::Sandbox::User': 'root', // Nobody else may write here.
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    await execa('apt-get', [...options, 'update'], { cwd: folder });
    await execa('apt-get', [...options, 'source', '--download-only', '--tar-only', name], { cwd: folder });
    await unpack(folder, `${name}_${version}.orig.tar.gz`);
    await rm(apt, { recursive: true });
  });

export const fetchHashie = () =>
  fetchDebianSource('ruby-hashie', '5.0.0', {
    release: 'bookworm',
    needs: ['ruby-rspec', 'ruby-rspec-pending-for', 'ruby-activesupport', 'pry'],
  });

async function unpack(folder: string, archive: string): Promise<void> {
  await execa('tar', ['-xzf', archive, '--strip-components=1'], { cwd: folder });
  await rm(join(folder, archive));
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
