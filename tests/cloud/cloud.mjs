/**
 * A cloud to try: stand-ins for gcloud, kubectl and Terraform, and settings.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sandbox } from '../ci/sandbox.mjs';

/** The settings of a cloud with both environments: path -> content. */
export const SETTINGS = {
  'infrastructure/terraform/bootstrap/terraform.tfvars':
    'project_id = "shared-1"\nregion = "europe-west1"\n',
  'infrastructure/terraform/environments/staging.owner.tfvars':
    'project_id = "staging-1"\nregion     = "europe-west1"\n',
  'infrastructure/terraform/environments/production.owner.tfvars':
    'project_id = "production-1"\nregion     = "europe-west1"\n',
};

/** What Terraform knows of an environment that is there as a whole. */
export const WHOLE = [
  'data.terraform_remote_state.bootstrap',
  'module.platform.data.google_project.this',
  'module.platform.google_compute_network.this',
  'module.platform.google_container_cluster.this',
  'module.platform.google_service_networking_connection.managed_services',
  'module.platform.google_sql_database_instance.this',
];

/** What is left of an environment's connection to Google's managed services. */
export const PEERING = 'servicenetworking-googleapis-com';

/** A Terraform whose state holds these. */
export const terraform = (resources) =>
  `[[ "$*" != *'state list' ]] || printf '%s\\n' ${resources.join(' ')}`;

/** A gcloud that finds these peerings of a network. */
export const gcloud = (...peerings) =>
  `[[ "$*" != *'peerings list'* ]] || echo '${peerings.join(';')}'`;

/** Stand-ins for the programs that reach the cloud, in which all is there. */
export const PROGRAMS = {
  terraform: terraform(WHOLE),
  gcloud: gcloud('other', PEERING),
  kubectl: '',
  'gke-gcloud-auth-plugin': '',
};

/** Which state a call of Terraform is about: `bootstrap`, or the environment that its arguments name. */
export const stackOf = (call) =>
  /-(?:var-file|backend-config)=(?:prefix=)?(staging|production|bootstrap)\b/.exec(call)?.[1] ??
  /-chdir=\S*\/(\w+)/.exec(call)[1];

/** A file below infrastructure/, as it is. */
export const read = (path) =>
  readFileSync(join(import.meta.dirname, '../../infrastructure', path), 'utf8');

const HOME = 'infrastructure/terraform';

/** A sandbox with the scripts of the cloud, and these programs and files. */
export const cloud = (t, programs = PROGRAMS, files = SETTINGS) =>
  sandbox(t, {
    programs,
    files,
    scripts: ['up.sh', 'down.sh', 'cloud.sh'].map((name) => `${HOME}/${name}`),
  });

/** Runs SCRIPT in such a sandbox: what it said (`code`, `output`), what it called (`calls`). */
export async function run(t, script, env, input = '', ...more) {
  const box = await cloud(t, ...more);
  const result = await box.run(`${HOME}/${script}`, [], { env, input });
  const calls = (await box.calls()).map((call) => call.replaceAll(box.path('.'), '').trim());
  return { ...result, box, calls };
}
