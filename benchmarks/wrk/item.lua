-- GET of one item: a new random id for each request. usage: wrk -s item.lua URL -- ROWS
local threads = 0

-- Each thread needs its own seed: otherwise all threads would request the same items.
function setup(thread)
   threads = threads + 1
   thread:set("seed", threads)
end

function init(args)
   rows = tonumber(args[1])
   math.randomseed(os.time() * 16 + seed)
end

function request()
   return wrk.format("GET", "/v1/items/" .. math.random(rows))
end
