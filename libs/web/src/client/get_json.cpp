#include <optional>
#include <variant>

#include <fmt/format.h>

#include <web/get_json.hpp>

namespace web::detail {

base::Task<std::expected<schema::Value, AnswerError>> get_value(Client& client, std::string target,
                                                                CallOptions options) {
    using Kind = AnswerError::Kind;
    std::optional<Response> response;
    AnswerError away{.kind = Kind::kAway, .message = {}};
    try {
        response = co_await client.get(std::move(target), options);
    } catch (const ClientError& error) {
        away.message = error.what();
    }
    if (!response) co_return std::unexpected(std::move(away));
    if (const int status = response->status; status != 200) {
        const bool temporary = status == 429 || status >= 500;
        co_return std::unexpected(AnswerError{.kind = temporary ? Kind::kAway : Kind::kRefused,
                                              .message = fmt::format("status {}", status)});
    }
    auto parsed = schema::parse(response->content());
    if (const auto* error = std::get_if<schema::SyntaxError>(&parsed)) {
        co_return std::unexpected(AnswerError{
            .kind = Kind::kUnreadable,
            .message =
                fmt::format("line {}, column {}: {}", error->line, error->column, error->message)});
    }
    co_return std::get<schema::Value>(std::move(parsed));
}

AnswerError unreadable(const std::vector<schema::Issue>& issues) {
    AnswerError error{.kind = AnswerError::Kind::kUnreadable, .message = {}};
    for (const auto& issue : issues) {
        error.message += fmt::format("{}{}: {}", error.message.empty() ? "" : "; ", issue.pointer,
                                     issue.message);
    }
    return error;
}

}  // namespace web::detail
