#include <algorithm>

#include <services/item_service.hpp>

namespace app {

bool Precondition::admits(base::Timestamp version) const {
    const bool expected = !only || std::ranges::find(*only, version) != only->end();
    return expected && std::ranges::find(except, version) == except.end();
}

}  // namespace app
