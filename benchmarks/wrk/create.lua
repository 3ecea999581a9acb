-- POST of an item; each has a different name.
local threads = 0

function setup(thread)
   threads = threads + 1
   thread:set("seed", threads)
end

function init()
   math.randomseed(os.time() * 16 + seed)
   wrk.headers["Content-Type"] = "application/json"
end

function request()
   return wrk.format("POST", "/v1/items", nil,
      '{"name":"Benchmark ' .. math.random(1000000000) ..
      '","description":"Made by the benchmark","category":"category-1","price":19.99,"quantity":5}')
end
