#include <charconv>

#include <fmt/format.h>

#include <database/log_position.hpp>

namespace database {

std::string LogPosition::to_string() const {
    return fmt::format("{}-{}", transaction, id);
}

std::optional<LogPosition> LogPosition::parse(std::string_view text) {
    LogPosition position;
    const char* const last = text.data() + text.size();
    const auto [dash, bad_transaction] = std::from_chars(text.data(), last, position.transaction);
    if (bad_transaction != std::errc() || dash == last || *dash != '-') return std::nullopt;
    const auto [end, bad_id] = std::from_chars(dash + 1, last, position.id);
    if (bad_id != std::errc() || end != last || position.to_string() != text) return std::nullopt;
    return position;
}

}  // namespace database
