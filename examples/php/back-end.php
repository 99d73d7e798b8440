<?php
/** The back end of a small site: it enters its user, and hands the user's page tokens. The caller key stays here. */

$api = getenv('API') ?: 'http://127.0.0.1:3000';
$key = getenv('CALLER_KEY') ?: error_log('CALLER_KEY is not set') && reply(500, ['message' => 'refused']);
// A real site takes the user from its own session ($_SESSION), never from the page's request.
$user = ['userId' => getenv('USER_ID') ?: '10010001', 'userName' => 'Tom', 'tenantSpaceId' => '202007159031'];
$calls = [ // what the page asks for: the call that is made, and the members of its answer that a page needs
    '/sign-in' => ['PUT', '/users', $user + ['status' => 'active'], ['userId', 'userName']],
    '/enterprise-token' => ['POST', '/enterprise-tokens', $user, ['thirdUserData', 'expiresIn']],
    '/access-token' => ['POST', '/access-tokens', $user + ['scopes' => ['chat-token:issue', 'chat:relay']], ['accessToken', 'expiresIn']],
];

function reply(int $status, array $body, ?string $retryAfter = null): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    if ($retryAfter !== null) header("Retry-After: $retryAfter");
    exit(json_encode($body));
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST' || !isset($calls[$_SERVER['REQUEST_URI']])) reply(404, ['message' => 'unknown path']);
[$method, $path, $body, $members] = $calls[$_SERVER['REQUEST_URI']];
$answer = @file_get_contents($api . $path, false, stream_context_create(['http' => [
    'method' => $method,
    'header' => ["Authorization: Bearer $key", 'Content-Type: application/json'],
    'content' => json_encode($body),
    'timeout' => 10,
    'follow_location' => 0, // else the key would go wherever a redirect points
    'ignore_errors' => true, // the body of a refusal says what is wrong
]]));
$headers = $answer === false ? [] : $http_response_header;
$headerOf = fn (string $name): ?string => preg_replace('/^[^:]*: */', '', current(preg_grep("/^$name:/i", $headers)) ?: '') ?: null;
$status = (int) (explode(' ', $headers[0] ?? '')[1] ?? 503); // 503: no connection, or no answer in time
$said = json_decode($answer ?: '{}', true) ?? [];
if ($status === 200 || $status === 201) reply(200, array_intersect_key($said, array_flip($members)));

error_log("$path: $status " . ($said['code'] ?? '-') . ' ' . ($headerOf('x-request-id') ?? '-')); // never the key, never a body
if ($status === 429) reply(429, ['message' => 'too many calls'], $headerOf('retry-after') ?? '1'); // the page waits so many seconds
if ($status >= 500) reply(503, ['message' => 'no tokens now'], '5'); // the page tries again after a few seconds; x-request-id is what to quote
reply(500, ['message' => 'refused']); // 401: the key is wrong or has ended. Trying again does not help: an operator reads the log
