-- The master as a script that Redis runs: the rules of src/role/master/master.h once more, since many
-- masters share one Redis and each request has to happen as a whole. The tests of stores hold both
-- to the same.
--
-- Arguments: operation (its enum store_operation), name of the asking master, channel for wake-ups,
-- limits (gates, packets, bytes, silence, classic silence), gate, secret; then by operation
--   UPLOAD  first, count, runs
--   PUT     count, runs
--   TAKE    acknowledged, bytes_max
-- where a run is three arguments: a gate or 0, how many lines, and these lines behind their number
-- in four bytes, most significant first. Lists hold such runs. Answer: status, gate, uploaded,
-- accepted, unreachable, last, missing, lines; for LIST: status, and seven numbers for each gate.

local call = redis.call
local LEASE, UPLOAD, TAKE, GIVE_BACK, RENEW, POP, PUT, LIST = 0, 1, 2, 3, 4, 5, 6, 7
local OK, NEW, TAKEN, REFUSED, GAP, FULL = 0, 1, 2, 3, 4, 5
local GATE_MAX = 4294966
local HEAD = 4
local GATES, FREE = 'mqttsim:gates', 'mqttsim:free'

local operation, origin, channel = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local gates_max, lines_max, bytes_max = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local silence, classic_silence = tonumber(ARGV[7]), tonumber(ARGV[8])
local gate, secret = tonumber(ARGV[9]), ARGV[10]
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function key(g) return 'mqttsim:gate:' .. g end
local function mail(g) return 'mqttsim:mail:' .. g end

-- A classic lease has an empty secret. `front` is the number of the first line of the list's first
-- run, of which `gone` bytes are gone; `first` that of the oldest line that is there.
local loaded = {}
local function load(g)
  if loaded[g] then return loaded[g] end
  local v = call('HMGET', key(g), 'secret', 'uploaded', 'acknowledged', 'first', 'front', 'gone',
    'lines', 'bytes', 'dropped', 'expires', 'since', 'heard')
  if not v[1] then return nil end
  local m = {gate = g, secret = v[1], uploaded = tonumber(v[2]), acknowledged = tonumber(v[3]),
    first = tonumber(v[4]), front = tonumber(v[5]), gone = tonumber(v[6]), lines = tonumber(v[7]),
    bytes = tonumber(v[8]), dropped = tonumber(v[9]), expires = tonumber(v[10]),
    since = tonumber(v[11]), heard = tonumber(v[12])}
  loaded[g] = m
  return m
end

local function save(m)
  call('HSET', key(m.gate), 'uploaded', m.uploaded, 'acknowledged', m.acknowledged,
    'first', m.first, 'front', m.front, 'gone', m.gone, 'lines', m.lines, 'bytes', m.bytes,
    'dropped', m.dropped)
end

local function save_all()
  for _, m in pairs(loaded) do
    if m.changed then save(m) end
  end
end

local function hear(m)
  m.heard = now
  m.expires = now + (m.secret == '' and classic_silence or silence)
  call('HSET', key(m.gate), 'heard', now, 'expires', m.expires)
  call('PEXPIREAT', key(m.gate), m.expires)
  if m.lines > 0 then call('PEXPIREAT', mail(m.gate), m.expires) end
  call('ZADD', GATES, m.expires, m.gate)
end

local function forget(g)
  call('ZREM', GATES, g)
  if tonumber(g) < tonumber(call('GET', FREE) or 1) then call('SET', FREE, g) end
end

local function prune()
  for _, g in ipairs(call('ZRANGEBYSCORE', GATES, '-inf', now)) do
    if call('EXISTS', key(g)) == 0 then forget(g) end
  end
end

local function lowest_free()
  local g = tonumber(call('GET', FREE) or 1)
  while call('EXISTS', key(g)) == 1 do g = g + 1 end
  call('SET', FREE, g)
  return g
end

local function make_lease(g, new_secret)
  prune()
  if call('ZCARD', GATES) >= gates_max then return nil end
  if g == 0 then g = lowest_free() end
  if g > GATE_MAX then return nil end
  local m = {gate = g, secret = new_secret, uploaded = 0, acknowledged = 0, first = 1, front = 1,
    gone = 0, lines = 0, bytes = 0, dropped = 0}
  call('DEL', mail(g))
  call('HSET', key(g), 'secret', new_secret, 'since', now)
  save(m)
  hear(m)
  return m
end

-- Removes the fewest oldest lines that are at least `lines` and have at least `bytes`.
local function remove(m, lines, bytes)
  local before = m.lines
  while m.lines > 0 and (lines > 0 or bytes > 0) do
    local run = call('LINDEX', mail(m.gate), 0)
    if not run then -- somebody else removed the list
      m.first, m.lines, m.bytes = m.first + m.lines, 0, 0
      m.front, m.gone = m.first, 0
      break
    end
    local n, size = m.front + struct.unpack('>I4', run) - m.first, #run - HEAD - m.gone
    if lines < n and bytes < size then
      n, size = 0, 0
      while n < lines or size < bytes do
        size = string.find(run, '\n', HEAD + m.gone + size + 1, true) - HEAD - m.gone
        n = n + 1
      end
    end
    m.first, m.lines, m.bytes, m.gone = m.first + n, m.lines - n, m.bytes - size, m.gone + size
    lines, bytes = lines - n, bytes - size
    if m.gone == #run - HEAD then
      call('LPOP', mail(m.gate))
      m.front, m.gone = m.first, 0
    end
  end
  m.changed = true
  return before - m.lines
end

local function deliver(m, n, run)
  if call('RPUSH', mail(m.gate), run) == 1 then call('PEXPIREAT', mail(m.gate), m.expires) end
  m.lines, m.bytes, m.changed = m.lines + n, m.bytes + #run - HEAD, true
  if m.lines > lines_max or m.bytes > bytes_max then
    m.dropped = m.dropped + remove(m, m.lines - lines_max, m.bytes - bytes_max)
  end
end

local function deliver_to_all(sender, n, run)
  for _, text in ipairs(call('ZRANGE', GATES, 0, -1)) do
    local g = tonumber(text)
    local m = g ~= sender and load(g)
    if m then deliver(m, n, run) end
  end
end

-- The run without its first `known` lines.
local function cut(n, run, known)
  local at = HEAD
  for _ = 1, known do at = string.find(run, '\n', at + 1, true) end
  return n - known, struct.pack('>I4', n - known) .. string.sub(run, at + 1)
end

-- Puts the runs from argument `at` on, without the first `known` lines, into their mailboxes.
-- Returns how many lines nobody can get.
local function put(at, known)
  local unreachable, woken = 0, {}
  for i = at, #ARGV, 3 do
    local g, n, run = tonumber(ARGV[i]), tonumber(ARGV[i + 1]), ARGV[i + 2]
    if known >= n then
      known = known - n
    else
      if known > 0 then n, run = cut(n, run, known) end
      known = 0
      local m = g ~= 0 and load(g)
      if m then
        deliver(m, n, run)
      elseif g == 0 then
        deliver_to_all(gate, n, run)
      else
        unreachable = unreachable + n
      end
      if m or g == 0 then woken[g] = true end
    end
  end
  local message = origin
  for g in pairs(woken) do message = message .. ' ' .. g end
  if message ~= origin then call('PUBLISH', channel, message) end
  return unreachable
end

local function acknowledge(m, number)
  if number <= m.acknowledged or number > m.first + m.lines - 1 then return end
  m.acknowledged, m.changed = number, true
  if number >= m.first then remove(m, number - m.first + 1, 0) end
end

-- The lines from byte `at` of a run on, as many as fit, or one; and how many.
local function lines_of(run, at, fit)
  local n, last = 0, at - 1
  while last < #run do
    local line_end = string.find(run, '\n', last + 1, true)
    if n > 0 and line_end - at + 1 > fit then break end
    n, last = n + 1, line_end
  end
  return string.sub(run, at, last), n
end

-- The oldest lines, as many as are in `fit` bytes but at least one; and how many.
local function read(m, fit)
  local parts, n, at = {}, 0, 0
  local step = m.lines == 0 and 0 or
    math.min(math.ceil(fit / (m.bytes / call('LLEN', mail(m.gate)))) + 1, m.lines)
  while n < m.lines do
    local runs = call('LRANGE', mail(m.gate), at, at + step - 1)
    if #runs == 0 then break end
    for i, run in ipairs(runs) do
      local is_front = at == 0 and i == 1
      local from = HEAD + 1 + (is_front and m.gone or 0)
      local size = #run - from + 1
      if size <= fit then
        parts[#parts + 1] = string.sub(run, from)
        n = n + struct.unpack('>I4', run) - (is_front and m.first - m.front or 0)
        fit = fit - size
      else
        local text, here = lines_of(run, from, fit)
        if n == 0 or #text <= fit then
          parts[#parts + 1] = text
          n = n + here
        end
        return table.concat(parts), n
      end
    end
    at = at + #runs
  end
  return table.concat(parts), n
end

-- status, gate, uploaded, accepted, unreachable, last, missing, lines
local function answer(status, a)
  return {status, gate, a.uploaded or 0, a.accepted or 0, a.unreachable or 0, a.last or 0,
    a.missing or 0, a.text or ''}
end

local function held()
  local m = load(gate)
  if m and m.secret == secret and secret ~= '' then
    hear(m)
    return m
  end
end

local function lease()
  local m = gate ~= 0 and held()
  if m then return answer(OK, m) end
  if gate > GATE_MAX then return answer(REFUSED, {}) end
  if gate ~= 0 and load(gate) then return answer(TAKEN, {}) end
  m = make_lease(gate, secret)
  if not m then return answer(FULL, {}) end
  gate = m.gate
  return answer(NEW, {})
end

local function upload()
  local m, first, count = held(), tonumber(ARGV[11]), tonumber(ARGV[12])
  if not m then return answer(REFUSED, {}) end
  if first > m.uploaded + 1 then return answer(GAP, m) end
  local known = m.uploaded + 1 - first
  if known >= count then return answer(OK, m) end
  m.uploaded, m.changed = first + count - 1, true
  local unreachable = put(13, known)
  save_all()
  return answer(OK, {uploaded = m.uploaded, accepted = count - known, unreachable = unreachable})
end

local function take()
  local m = held()
  if not m then return answer(REFUSED, {}) end
  acknowledge(m, tonumber(ARGV[11]))
  save_all()
  local text, n = read(m, tonumber(ARGV[12]))
  return answer(OK, {last = m.first - 1 + n, missing = m.first - 1 - m.acknowledged, text = text})
end

local function give_back()
  if not held() then return answer(REFUSED, {}) end
  call('DEL', key(gate), mail(gate))
  forget(gate)
  return answer(OK, {})
end

local function renew()
  return answer(held() and OK or REFUSED, {})
end

local function pop()
  local m = load(gate)
  if gate == 0 or gate > GATE_MAX or (m and m.secret ~= '') then return answer(REFUSED, {}) end
  if not m then return answer(make_lease(gate, '') and OK or FULL, {}) end
  hear(m)
  local text, n = read(m, 0)
  acknowledge(m, m.first - 1 + n)
  save_all()
  return answer(OK, {accepted = n, text = text})
end

local function put_all()
  local m = load(gate)
  if m and m.secret ~= '' then return answer(REFUSED, {}) end
  if m then hear(m) end
  local unreachable = put(12, 0)
  save_all()
  return answer(OK, {accepted = tonumber(ARGV[11]), unreachable = unreachable})
end

local function list()
  prune()
  local all = {OK}
  for _, text in ipairs(call('ZRANGE', GATES, 0, -1)) do
    local m = load(tonumber(text))
    if m then
      for _, number in ipairs({m.gate, m.secret == '' and 1 or 0, m.since, m.heard, m.lines,
          m.bytes, m.dropped}) do
        all[#all + 1] = number
      end
    end
  end
  return all
end

local functions = {[LEASE] = lease, [UPLOAD] = upload, [TAKE] = take, [GIVE_BACK] = give_back,
  [RENEW] = renew, [POP] = pop, [PUT] = put_all, [LIST] = list}
return functions[operation]()
