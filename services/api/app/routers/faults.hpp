// The endpoints of fault injection: /v1/faults.
#pragma once

#include <web/router.hpp>

namespace app {

[[nodiscard]] web::Router faults_router();

}  // namespace app
