#include <algorithm>

#include <fmt/format.h>

#include <postgres/copy.hpp>
#include <postgres/errors.hpp>

#include "copy_session.hpp"

namespace postgres {

void detail::escape_copied(std::string& out, std::size_t start) {
    const auto special = out.find_first_of("\\\n\r\t", start);
    if (special == std::string::npos) return;
    const std::string text = out.substr(special);
    out.resize(special);
    for (const char c : text) {
        if (c == '\\' || c == '\n' || c == '\r' || c == '\t') out += '\\';
        out += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
    }
}

std::optional<std::string_view> detail::take_copied(std::string_view& line,
                                                    std::string& unescaped) {
    const auto end = std::min(line.find('\t'), line.size());
    const auto field = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    if (field == "\\N") return std::nullopt;
    if (!field.contains('\\')) return field;
    // COPY TO writes these escapes only: a letter for a control character, else the character.
    constexpr std::string_view kLetters = "bfnrtv";
    constexpr std::string_view kCharacters = "\b\f\n\r\t\v";
    unescaped.clear();
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (field[i] != '\\' || i + 1 == field.size()) {
            unescaped += field[i];
            continue;
        }
        const auto letter = kLetters.find(field[++i]);
        unescaped += letter == std::string_view::npos ? field[i] : kCharacters[letter];
    }
    return unescaped;
}

void detail::throw_bad_copy(std::string_view why) {
    throw DecodeError(fmt::format("a copied row does not fit its struct: {}", why));
}

base::Task<> CopyIn::flush() {
    if (buffer_.empty()) co_return;
    co_await session_->send(buffer_);
    buffer_.clear();
}

base::Task<std::int64_t> CopyIn::finish() {
    co_await flush();
    co_return co_await session_->finish();
}

base::Task<std::optional<std::string>> CopyOut::next() {
    constexpr std::size_t kChunk = 65536;
    std::string chunk = co_await session_->receive(kChunk);
    if (chunk.empty()) co_return std::nullopt;
    co_return chunk;
}

}  // namespace postgres
