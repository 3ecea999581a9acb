#include <array>

#include <postgres/array.hpp>

namespace postgres::detail {

void quote_element(std::string& out, std::size_t start) {
    const std::string text = out.substr(start);
    out.resize(start);
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

Oid element_type(Oid array) noexcept {
    // pg_type.typarray of the built-in types that Type<T> reads, and of text, varchar and json.
    static constexpr std::array<std::pair<Oid, Oid>, 13> kBuiltIn{{
        {1000, oid::kBool},
        {1005, oid::kInt2},
        {1007, oid::kInt4},
        {1016, oid::kInt8},
        {1021, oid::kFloat4},
        {1022, oid::kFloat8},
        {1009, oid::kText},
        {1015, oid::kVarchar},
        {1182, oid::kDate},
        {1185, oid::kTimestamptz},
        {1231, oid::kNumeric},
        {2951, oid::kUuid},
        {3807, oid::kJsonb},
    }};
    for (const auto& [type, element] : kBuiltIn) {
        if (type == array) return element;
    }
    return array >= oid::kFirstOfDatabase ? array : 0;
}

// https://www.postgresql.org/docs/16/arrays.html#ARRAYS-IO
ArrayReader::ArrayReader(std::string_view text) : rest_(text) {
    if (!rest_.starts_with('{') || !rest_.ends_with('}') || rest_.size() < 2) {
        throw DecodeError("not an array that begins at index 1");
    }
    rest_ = rest_.substr(1, rest_.size() - 2);
}

bool ArrayReader::next(std::optional<std::string_view>& element) {
    if (rest_.empty()) return false;
    if (rest_.front() == '{') throw DecodeError("an array of several dimensions");
    unescaped_.clear();
    const bool quoted = rest_.front() == '"';
    std::size_t at = quoted ? 1 : 0;
    const char end = quoted ? '"' : ',';
    while (at < rest_.size() && rest_[at] != end) {
        if (rest_[at] == '\\') ++at;
        if (at < rest_.size()) unescaped_ += rest_[at++];
    }
    if (quoted) {
        if (at == rest_.size()) throw DecodeError("an array whose last element does not end");
        ++at;
    }
    // Unquoted, it stands for the absence of a value.
    element = !quoted && unescaped_ == "NULL" ? std::nullopt
                                              : std::optional<std::string_view>(unescaped_);
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return true;
}

void throw_null_element() {
    throw DecodeError("an element is NULL, but its C++ type is not std::optional");
}

}  // namespace postgres::detail
