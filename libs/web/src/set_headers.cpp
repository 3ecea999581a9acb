#include <web/set_headers.hpp>

namespace web {

base::Task<Response> SetHeaders::handle(Exchange&, const Route&, Next next) {
    auto response = co_await next();
    for (const auto& [name, value] : fields_)
        response.headers.set(name, value);
    co_return response;
}

}  // namespace web
