#include <web/middleware.hpp>
#include <web/router.hpp>

namespace web {

base::Task<Response> Next::operator()() const {
    if (chain_.empty()) return route_->invoke(*exchange_);
    return chain_.front()->handle(*exchange_, *route_,
                                  Next(chain_.subspan(1), *exchange_, *route_));
}

}  // namespace web
