#include "server/response_head.hpp"

#include <algorithm>
#include <array>

#include <fmt/compile.h>

#include "wire/field_line.hpp"

namespace web::server {
namespace {

using wire::append_field_line;

// The server's own fields: they describe this connection, which a handler knows nothing of.
constexpr std::array<std::string_view, 5> kOwnFields = {"Content-Length", "Transfer-Encoding",
                                                        "Connection", "Keep-Alive", "Server"};

bool is_own_field(std::string_view name) {
    return std::ranges::any_of(kOwnFields, [&](auto own) { return iequals(own, name); });
}

// Formatted once a second on each thread, not once a response.
const std::string& current_http_date() {
    thread_local std::chrono::sys_seconds second{};
    thread_local std::string text;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (text.empty() || now != second) {
        second = now;
        text = format_http_date(now);
    }
    return text;
}

}  // namespace

bool sends_body(const Response& response, Method method) noexcept {
    return method != Method::kHead && response.status != 204 && response.status != 304;
}

std::string response_head(const Response& response, const Framing& framing) {
    std::string head;
    head.reserve(512);
    fmt::format_to(std::back_inserter(head), FMT_COMPILE("HTTP/1.1 {:03} {}\r\n"), response.status,
                   reason_phrase(response.status));
    bool dated = false;
    for (const auto& [name, value] : response.headers) {
        if (is_own_field(name)) continue;
        dated = dated || iequals(name, "Date");
        append_field_line(head, name, value);
    }
    if (!dated) append_field_line(head, "Date", current_http_date());
    head.append("Server: mlp\r\n");
    // A HEAD is told the framing of what a GET would get (RFC 9110, 8.6). Without chunks, in
    // HTTP/1.0, a stream ends where the connection does.
    if (response.stream) {
        if (!framing.http_1_0) head.append("Transfer-Encoding: chunked\r\n");
    } else if (response.status != 204 && response.status != 304) {
        fmt::format_to(std::back_inserter(head), FMT_COMPILE("Content-Length: {}\r\n"),
                       response.content().size());
    }
    if (!framing.keep_alive) {
        head.append("Connection: close\r\n");
    } else if (framing.http_1_0) {
        head.append("Connection: keep-alive\r\n");
    }
    head.append("\r\n");
    return head;
}

std::string format_http_date(std::chrono::sys_seconds time) {
    static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                              "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> kMonths = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
        clock.seconds().count());
}

}  // namespace web::server
