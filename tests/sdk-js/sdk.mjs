// Procore's own SDK as its README has it used, unchanged, against the simulator.
//
// The host is set by its documented option `apiHostname`. It has no function for client credentials: the token is fetched
// as Procore's guide to that grant says, and handed to the SDK's own `oauth` and `refresher`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

// A CommonJS module, of which node alone finds only the default export.
import sdk from '@procore/js-sdk';

const { site, throttled, scene } = JSON.parse(process.env.MUSTER_SIM);
const { active, everybody, person, project, members, inactive } = scene;
const USERS = { base: '/companies/{company_id}/users', version: 'v1.3', params: { company_id: site.company } };

/** Asks for a token with client credentials. */
async function fetchToken({ url, client_id, client_secret }) {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret }),
  });
  return { status: response.status, ...(await response.json()) };
}

function clientOf(authorizer, { url, company } = site) {
  return sdk.client(authorizer, undefined, { apiHostname: url, defaultCompanyId: company });
}

const authorizer = sdk.oauth((await fetchToken(site)).access_token);
const client = clientOf(authorizer);

/** The endpoint of one user: the SDK appends `params.id` by itself. */
const user = (id) => ({ ...USERS, params: { ...USERS.params, id } });

const ids = (people) => people.map(({ id }) => id).sort((a, b) => a - b);

/** An answer in words. */
const words = ({ response, body }) => `${response.status}: ${JSON.stringify(body)}`;

/** What is answered. */
const ok = (call) => call.catch((reason) => assert.fail(reason.response ? words(reason) : reason));

/** What the SDK rejects with: the answer as a whole, which is no error to JavaScript. */
async function refused(call, status) {
  const answer = await call.then(() => assert.fail(`not refused with ${status}`), (reason) => reason);
  assert.ok(answer.response, answer);
  assert.equal(answer.response.status, status, words(answer));
  assert.match(answer.response.headers.get('x-request-id'), /^[0-9a-f-]{36}$/);
  return answer;
}

/** The URL of a rel of the header `Link`, without the host, as the SDK takes it. */
function linked(response, rel) {
  const links = response.headers.get('link').split(', ').map((link) => link.match(/^<(.+)>; rel="(.+)"$/));
  const found = links.find(([, , name]) => name === rel);
  return found && found[1].replace(site.url, '');
}

test('what runs is the version that is pinned', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
  assert.equal(sdk.sdkVersionHeader, dependencies['@procore/js-sdk']);
});

test('client credentials give a bearer token and nothing to refresh it with', async () => {
  const token = await fetchToken(site);
  assert.equal(token.status, 200);
  assert.equal(token.token_type.toLowerCase(), 'bearer');
  assert.ok(token.expires_in > 0 && token.created_at > 0);
  assert.equal(token.refresh_token, undefined);
  const { body } = await ok(clientOf(sdk.oauth(token.access_token)).get({ base: '/companies' }));
  assert.deepEqual(ids(body), [site.company]);
});

test('wrong credentials give an error of OAuth', async () => {
  const answer = await fetchToken({ ...site, client_secret: 'wrong' });
  assert.deepEqual([answer.status, answer.error, answer.access_token], [401, 'invalid_client', undefined]);
});

test('the refresher fetches a token when there is none, once, and keeps it', async () => {
  let fetched = 0;
  const refreshing = clientOf(sdk.refresher(sdk.oauth(''), () => (fetched += 1, fetchToken(site))));
  for (let call = 0; call < 3; call += 1) {
    const { body } = await ok(refreshing.get({ base: '/me' }));
    assert.equal(typeof body.login, 'string');
  }
  assert.equal(fetched, 1);
});

test('an error of OAuth is returned by the SDK as if it were a token', async () => {
  const code = { id: site.client_id, secret: site.client_secret, code: 'made-up', uri: 'http://127.0.0.1/callback' };
  const answer = await sdk.token(code, { apiHostname: site.url });
  assert.equal(answer.access_token, undefined);
  assert.match(answer.error, /^[a-z_]+$/);
  assert.equal(typeof answer.error_description, 'string');
});

for (const [name, endpoint, expected] of [
  ['active people', USERS, active],
  ['everybody', { base: '/users', version: 'v1.3', qs: { company_id: site.company } }, everybody],
]) {
  test(`pages by Total and Per-Page show ${name}, each once`, async () => {
    const found = [];
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const { body, response } = await ok(client.get({ ...endpoint, qs: { ...endpoint.qs, page, per_page: 7 } }));
      const [total, size] = ['Total', 'Per-Page'].map((header) => Number(response.headers.get(header)));
      assert.deepEqual([total, size], [expected.length, 7]);
      pages = Math.ceil(total / size);
      assert.equal(body.length, page < pages ? size : total - size * (pages - 1));
      found.push(...body);
    }
    assert.ok(pages > 2, `${pages} pages are too few to tell`);
    assert.deepEqual(ids(found), expected);
  });

  test(`pages by Link show ${name}, each once`, async () => {
    const found = [];
    let answer = await ok(client.get({ ...endpoint, qs: { ...endpoint.qs, per_page: 7 } }));
    const last = linked(answer.response, 'last');
    for (let next; ; answer = await ok(client.get(next))) {
      found.push(...answer.body);
      next = linked(answer.response, 'next');
      if (!next) break;
      assert.ok(found.length < expected.length, 'there is a next page behind the last one');
    }
    assert.deepEqual(ids(found), expected);
    assert.deepEqual(ids((await ok(client.get(last))).body), ids(answer.body));
  });
}

test('lists in a query are understood as the SDK writes them', async () => {
  const chosen = members.slice(0, 2);
  assert.ok(members.length > chosen.length);
  const endpoint = { base: '/projects/{project_id}/users', params: { project_id: project } };
  const { body, response } = await ok(client.get({ ...endpoint, qs: { filters: { id: chosen } } }));
  assert.equal(response.headers.get('Total'), '2');
  assert.deepEqual(ids(body), chosen);
});

test('one person is shown, inactive or not', async () => {
  for (const [id, works] of [[person, true], [inactive, false]]) {
    const { body } = await ok(client.get(user(id)));
    assert.deepEqual([body.id, body.is_active], [id, works]);
  }
});

test('a PATCH changes what it names', async () => {
  const { body: before } = await ok(client.get(user(person)));
  const job_title = 'Gruista, 2ª torre';
  const { body: answered } = await ok(client.patch(user(person), { user: { job_title } }));
  assert.deepEqual([answered.id, answered.job_title], [person, job_title]);
  const { body: after } = await ok(client.get(user(person)));
  assert.deepEqual(after, { ...before, job_title, updated_at: after.updated_at });
});

test('an answer without a body is an empty object', async () => {
  const endpoint = { base: '/projects/{project_id}/users', params: { project_id: project, id: person } };
  const { body, response } = await ok(client.delete({ ...endpoint, action: 'actions/remove' }));
  assert.deepEqual([response.status, body], [204, {}]);
  await refused(client.delete({ ...endpoint, action: 'actions/remove' }), 404);
});

test('a token that nobody gave is refused with 401', async () => {
  const { body, response } = await refused(clientOf(sdk.oauth('made-up')).get(USERS), 401);
  assert.match(response.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
  assert.match(JSON.stringify(body), /token/);
});

test('what is not there is refused with 404', async () => {
  const { body } = await refused(client.get(user(1)), 404);
  assert.match(JSON.stringify(body), /not found/i);
  await refused(client.get({ base: '/no/such/thing' }), 404);
});

test('another company is refused with 403', async () => {
  const other = site.company + 1;
  const endpoint = { ...USERS, params: { company_id: other } };
  const { body } = await refused(client.get(endpoint, { companyId: other }), 403);
  assert.match(body.errors[0], /not connected/);
});

test('a call without the header of the company is refused with 400', async () => {
  const { body } = await refused(clientOf(authorizer, { url: site.url }).get(USERS), 400);
  assert.match(JSON.stringify(body), /Procore-Company-Id/);
});

test('a PATCH that gives a login back is refused, by field', async () => {
  const { body } = await refused(client.patch(user(inactive), { user: { is_active: true } }), 400);
  assert.equal(body.errors.is_active.length, 1);
});

test('the refresher takes every refusal for a lost token and sends the request again, a write too', async () => {
  const writes = async () => (await (await fetch(`${site.url}/sim/calls`)).json()).writes;
  const refreshing = clientOf(sdk.refresher(sdk.oauth(authorizer.getToken()), () => fetchToken(site)));
  const before = await writes();
  await refused(refreshing.patch(user(inactive), { user: { is_active: true } }), 400);
  assert.equal(await writes(), before + 2);
});

test('a 429 is text: the SDK loses it, unless it is told how to read it', async () => {
  const limited = clientOf(sdk.oauth((await fetchToken(throttled)).access_token), throttled);
  const { response } = await ok(limited.get({ base: '/companies' }));
  assert.equal(response.headers.get('X-Rate-Limit-Remaining'), '0');
  await assert.rejects(limited.get({ base: '/companies' }), SyntaxError);
  const formatter = (answer) => answer.text();
  const told = await refused(limited.get({ base: '/companies' }, { formatter }), 429);
  assert.match(told.body, /surpassed the max number of requests/);
  assert.ok(Number(told.response.headers.get('Retry-After')) > 0);
});
