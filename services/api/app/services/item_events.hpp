// The changes of items as they happen, out of the log that the triggers of migration 0002 write.
#pragma once

#include <schemas/item.hpp>

#include <base/fixed_string.hpp>
#include <database/change_feed.hpp>

namespace app {

struct ItemLog {
    using Record = ItemRead;
    static constexpr base::FixedString kTable{"item_events"};
    static constexpr base::FixedString kRecord{"item"};
    static constexpr base::FixedString kRecords{"items"};
};

using ItemEvents = database::ChangeFeed<ItemLog>;

}  // namespace app
