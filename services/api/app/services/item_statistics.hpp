// What is known about all items together.
#pragma once

#include <schemas/item_stats.hpp>

#include <base/task.hpp>

namespace app {

struct ItemStatistics {
    virtual ~ItemStatistics() = default;

    /// Includes every change that was committed before the call. Throws base::Unavailable.
    [[nodiscard]] virtual base::Task<ItemStats> read() = 0;
};

}  // namespace app
