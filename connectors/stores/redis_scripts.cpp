#include "connectors/stores/redis_scripts.hpp"

namespace tocsin::store {
namespace {

// A script that fails half-way is not undone. So each looks first at all that could make it fail:
// the types of the keys, the parts that were sent before, and room.
//
// `trail` is what leads to an incident, so that a later script finds and removes it: listing,
// state, team, severity, gameday, alerts, configurations; the words are escaped as in the keys.
constexpr const char* kPrelude = R"lua(
local P = KEYS[1]
local at = 0
local function take() at = at + 1; return ARGV[at] end
local function take_list()
  local list = {}
  for i = 1, tonumber(take()) do list[i] = take() end
  return list
end

local function part_keys(parts)
  local keys = {}
  local name, count = string.match(parts or '', '^(%w+):(%d+)$')
  for i = 0, math.min(tonumber(count or 0), 100000) - 1 do
    keys[#keys + 1] = P .. 'part:' .. name .. ':' .. i
  end
  return keys
end
local function drop_parts(parts)
  for _, key in ipairs(part_keys(parts)) do redis.call('UNLINK', key) end
end
local function keep_parts(parts)
  for _, key in ipairs(part_keys(parts)) do redis.call('PERSIST', key) end
end

local wrong = nil
local seen = {}
local function need(key, kind)
  if wrong or seen[key] then return end
  seen[key] = true
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= kind then wrong = 'WRONGTYPE ' .. key .. ' is a ' .. is .. ' and no ' .. kind end
end
local function need_parts(parts)
  for _, key in ipairs(part_keys(parts)) do
    if not wrong and redis.call('EXISTS', key) == 0 then wrong = 'STAGED ' .. key end
  end
end
local function need_indices()
  for _, name in ipairs({'ids', 'alerts', 'uses', 'resolved', 'configurations'}) do need(P .. name, 'zset') end
  for _, name in ipairs({'states', 'snapshots'}) do need(P .. name, 'set') end
  need(P .. 'era', 'string')
  need(P .. 'saves', 'string')
end
-- Full memory only stops a script at its first write, and only if that may need more of it.
local function need_room() redis.call('INCR', P .. 'saves') end

local function lists_of(trail)
  local keys = {}
  for choice = 0, 7 do
    local key = P .. 'list:' .. trail[2]
    if choice % 2 >= 1 then key = key .. ':team=' .. trail[3] end
    if choice % 4 >= 2 then key = key .. ':severity=' .. trail[4] end
    if choice >= 4 then key = key .. ':gameday=' .. trail[5] end
    keys[#keys + 1] = key
  end
  return keys
end
local function remove(id)
  local key = P .. 'incident:' .. id
  redis.call('ZREM', P .. 'ids', id)
  redis.call('ZREM', P .. 'resolved', id)
  if redis.call('TYPE', key).ok ~= 'hash' then return end
  local kept = redis.call('HMGET', key, 'trail', 'parts')
  local read, trail = pcall(cmsgpack.unpack, kept[1] or '')
  if read and type(trail) == 'table' and #trail == 7 then
    for _, list in ipairs(lists_of(trail)) do redis.pcall('ZREM', list, trail[1]) end
    for _, alert in ipairs(trail[6]) do redis.call('ZREM', P .. 'alerts', alert .. '\0' .. trail[1]) end
    for _, hash in ipairs(trail[7]) do redis.call('ZREM', P .. 'uses', hash .. '\0' .. id) end
  end
  drop_parts(kept[2])
  redis.call('UNLINK', key)
end
local function put(key, value, fields)
  redis.call('HSET', key, 'sum', value.sum, value.parts == '' and 'blob' or 'parts',
             value.parts == '' and value.blob or value.parts, unpack(fields))
  keep_parts(value.parts)
end
)lua";

RedisScript with_prelude(const char* body) { return {std::string(kPrelude) + body}; }

}  // namespace

namespace redis_script {

// identity, incidents (each: id, position, listing, resolved at, state, team, severity, gameday,
// sum, bytes, blob, parts, alerts, configurations), snapshots (each: partition, position, sum,
// blob, parts). Positions are 20 digits. Returns the ids and the partitions that were passed over,
// for what is kept is of a later position, and how many snapshots of another journal it replaced.
const RedisScript commit = with_prelude(R"lua(
local identity = take()
local incidents, snapshots = {}, {}
for i = 1, tonumber(take()) do
  local x = {id = take(), position = take(), trail = {take()}, resolved = take()}
  for word = 2, 5 do x.trail[word] = take() end
  x.sum = take(); x.bytes = take(); x.blob = take(); x.parts = take()
  x.trail[6] = take_list(); x.trail[7] = take_list()
  x.key = P .. 'incident:' .. x.id
  incidents[i] = x
end
for i = 1, tonumber(take()) do
  local x = {partition = take(), position = take(), sum = take(), blob = take(), parts = take()}
  x.key = P .. 'snapshot:' .. x.partition
  snapshots[i] = x
end
need_indices()
for _, x in ipairs(incidents) do
  need(x.key, 'hash'); need_parts(x.parts)
  for _, list in ipairs(lists_of(x.trail)) do need(list, 'zset') end
end
for _, x in ipairs(snapshots) do need(x.key, 'hash'); need_parts(x.parts) end
if wrong then return redis.error_reply(wrong) end
need_room()

local era = identity .. '/' .. (redis.call('GET', P .. 'era') or '0')
local passed = {{}, {}, 0}
for _, x in ipairs(incidents) do
  local kept = redis.call('HMGET', x.key, 'position', 'era')
  if kept[1] and kept[2] == era and kept[1] > x.position then
    passed[1][#passed[1] + 1] = x.id
    drop_parts(x.parts)
  else
    remove(x.id)
    put(x.key, x, {'bytes', x.bytes, 'position', x.position, 'era', era, 'trail', cmsgpack.pack(x.trail)})
    for _, list in ipairs(lists_of(x.trail)) do redis.call('ZADD', list, 0, x.trail[1]) end
    for _, alert in ipairs(x.trail[6]) do redis.call('ZADD', P .. 'alerts', 0, alert .. '\0' .. x.trail[1]) end
    for _, hash in ipairs(x.trail[7]) do redis.call('ZADD', P .. 'uses', 0, hash .. '\0' .. x.id) end
    redis.call('ZADD', P .. 'ids', 0, x.id)
    redis.call('ZADD', P .. 'resolved', x.resolved, x.id)
    redis.call('SADD', P .. 'states', x.trail[2])
  end
end
for _, x in ipairs(snapshots) do
  local kept = redis.call('HMGET', x.key, 'position', 'identity', 'parts')
  if kept[1] and kept[2] == identity and kept[1] > x.position then
    passed[2][#passed[2] + 1] = x.partition
    drop_parts(x.parts)
  else
    if kept[2] and kept[2] ~= identity then passed[3] = passed[3] + 1 end
    drop_parts(kept[3])
    redis.call('UNLINK', x.key)
    put(x.key, x, {'position', x.position, 'identity', identity})
    redis.call('SADD', P .. 'snapshots', x.partition)
  end
end
return passed
)lua");

// listings at or after, listings before, how many, bytes, the lists' ending, states (none: all that
// there are). Returns the cursor of what follows and, for each incident: listing, sum, blob, parts;
// an absent one has no sum. Compares bytes by itself: `<` goes by the server's language.
const RedisScript page = with_prelude(R"lua(
local least, most = take(), take()
local limit, most_bytes, ending = tonumber(take()), tonumber(take()), take()
local states = take_list()
if #states == 0 then states = redis.call('SMEMBERS', P .. 'states') end
local function later(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x > y end
  end
  return #a > #b
end
local found = {}
for _, state in ipairs(states) do
  local list = redis.call('ZREVRANGEBYLEX', P .. 'list:' .. state .. ending, most, least, 'LIMIT', 0, limit + 1)
  for _, listing in ipairs(list) do found[#found + 1] = listing end
end
if #states > 1 then table.sort(found, later) end
local incidents, bytes, next = {}, 0, ''
for i, listing in ipairs(found) do
  if i > limit or bytes >= most_bytes then
    next = found[i - 1] or ''
    break
  end
  local kept = redis.pcall('HMGET', P .. 'incident:' .. string.sub(listing, 22), 'sum', 'blob', 'parts', 'bytes')
  if kept.err then kept = {} end
  incidents[i] = {listing, kept[1] or '', kept[2] or '', kept[3] or ''}
  bytes = bytes + (tonumber(kept[4] or 0) or 0)
end
return {next, incidents}
)lua");

// hash, sum, blob, parts.
const RedisScript keep_configuration = with_prelude(R"lua(
local hash = take()
local value = {sum = take(), blob = take(), parts = take()}
local key = P .. 'configuration:' .. hash
need_indices()
need(key, 'hash')
need_parts(value.parts)
if wrong then return redis.error_reply(wrong) end
need_room()
drop_parts(redis.call('HGET', key, 'parts'))
redis.call('UNLINK', key)
put(key, value, {})
redis.call('ZADD', P .. 'configurations', redis.call('TIME')[1], hash)
return 1
)lua");

// resolved before, how many. Returns how many were removed.
const RedisScript forget = with_prelude(R"lua(
need_indices()
if wrong then return redis.error_reply(wrong) end
local ids = redis.call('ZRANGEBYSCORE', P .. 'resolved', '-inf', '(' .. take(), 'LIMIT', 0, take())
for _, id in ipairs(ids) do remove(id) end
return #ids
)lua");

// unused for so many seconds, how many were left so far, how many to look at, those in use. Returns
// how many it has looked at and how many it removed.
const RedisScript forget_configurations = with_prelude(R"lua(
need_indices()
if wrong then return redis.error_reply(wrong) end
local kept_since = redis.call('TIME')[1] - take()
local hashes = redis.call('ZRANGEBYSCORE', P .. 'configurations', '-inf', kept_since, 'LIMIT', take(), take())
local in_use = {}
for _, hash in ipairs(take_list()) do in_use[hash] = true end
local removed = 0
for _, hash in ipairs(hashes) do
  local uses = redis.call('ZRANGEBYLEX', P .. 'uses', '[' .. hash .. '\0', '(' .. hash .. '\1', 'LIMIT', 0, 1)
  if not in_use[hash] and #uses == 0 then
    local key = P .. 'configuration:' .. hash
    if redis.call('TYPE', key).ok == 'hash' then
      drop_parts(redis.call('HGET', key, 'parts'))
      redis.call('UNLINK', key)
    end
    redis.call('ZREM', P .. 'configurations', hash)
    removed = removed + 1
  end
end
return {#hashes, removed}
)lua");

// the identity of those to leave, or nothing. What is saved from now on is newer than all that is
// kept: positions are compared within an era. Returns how many there were.
const RedisScript discard_snapshots = with_prelude(R"lua(
need_indices()
if wrong then return redis.error_reply(wrong) end
local left = take()
local removed = 0
if left == '' then redis.call('INCR', P .. 'era') end
for _, partition in ipairs(redis.call('SMEMBERS', P .. 'snapshots')) do
  local key = P .. 'snapshot:' .. partition
  local is = redis.call('TYPE', key).ok
  local kept = is == 'hash' and redis.call('HMGET', key, 'identity', 'parts') or {}
  if left == '' or kept[1] ~= left then
    if is == 'hash' then
      drop_parts(kept[2])
      redis.call('UNLINK', key)
    end
    redis.call('SREM', P .. 'snapshots', partition)
    removed = removed + 1
  end
end
return removed
)lua");

// the lists' ending, listings. Of incidents that are no more, though a list still leads to them.
const RedisScript forget_dangling = with_prelude(R"lua(
local ending = take()
for _, listing in ipairs(take_list()) do
  if redis.call('EXISTS', P .. 'incident:' .. string.sub(listing, 22)) == 0 then
    for _, state in ipairs(redis.call('SMEMBERS', P .. 'states')) do
      redis.pcall('ZREM', P .. 'list:' .. state .. ending, listing)
    end
  end
end
return 1
)lua");

// id, sum: unless it has been saved anew meanwhile.
const RedisScript drop_incident = with_prelude(R"lua(
local id = take()
if (redis.call('HGET', P .. 'incident:' .. id, 'sum') or '') == take() then remove(id) end
return 1
)lua");

// partition, sum.
const RedisScript drop_snapshot = with_prelude(R"lua(
local partition = take()
local kept = redis.call('HMGET', P .. 'snapshot:' .. partition, 'sum', 'parts')
if (kept[1] or '') == take() then
  drop_parts(kept[2])
  redis.call('UNLINK', P .. 'snapshot:' .. partition)
end
return 1
)lua");

}  // namespace redis_script

}  // namespace tocsin::store
