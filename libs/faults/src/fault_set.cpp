#include <faults/fault_set.hpp>

namespace faults {

bool validate(const FaultSet& faults, const schema::Issues& issues) {
    const bool some = faults.latency || faults.error || faults.slow_query_ms || faults.full_pool ||
                      faults.memory_leak || faults.crash;
    if (!some) issues.fail("no_fault", "must name at least one fault");
    return some;
}

}  // namespace faults
