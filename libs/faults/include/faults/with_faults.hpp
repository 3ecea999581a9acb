// Faults for a group of endpoints. A service includes this header to enable them.
#pragma once

#include <web/router.hpp>

namespace faults {

/// The endpoints of `resources`, where faults may be injected, and beside them /v1/faults, where
/// clients set, list and remove faults. The application provides the Injector. While no fault is
/// set, a request pays for one atomic load.
///
///     faults::Injector faults(pool, contexts, registry, resources);
///     app.include(faults::with_faults(resources)).provide(faults);
[[nodiscard]] web::Router with_faults(web::Router resources);

}  // namespace faults
