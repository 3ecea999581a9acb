-- GET of 20 items of a random category (see seed.sql). The 20 different requests are built in advance.
local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("seed", threads)
end

function init()
   math.randomseed(os.time() * 16 + seed)
   requests = {}
   for category = 1, 20 do
      requests[category] = wrk.format("GET", "/v1/items?limit=20&category=category-" .. category)
   end
end

function request()
   return requests[math.random(20)]
end
