// The endpoints of items: /v1/items.
#pragma once

#include <web/router.hpp>

namespace app {

[[nodiscard]] web::Router items_router();

}  // namespace app
