// Where a reader of a change log is.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace database {

/// A place between two changes of a log: just after the one that this transaction wrote with this
/// id.
struct LogPosition {
    std::uint64_t transaction = 0;
    std::int64_t id = 0;

    /// "758-12", for example as the id of a Server-Sent Event.
    [[nodiscard]] std::string to_string() const;
    /// nullopt for a text that to_string() does not write.
    [[nodiscard]] static std::optional<LogPosition> parse(std::string_view text);

    friend auto operator<=>(const LogPosition&, const LogPosition&) = default;
};

}  // namespace database
