// What failures that several resources share are in HTTP.
#pragma once

#include <services/item_service.hpp>

#include <web/result.hpp>

namespace app {

inline web::UnprocessableContent http_error(KeyReused) {
    return web::UnprocessableContent(
        "This Idempotency-Key was used for another request. Use a new one for each request.");
}

}  // namespace app
