#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <schema/scalar_codecs.hpp>
#include <schema/text.hpp>

namespace schema {
namespace {

// A JSON integer may be written 5, 5.0 or 5e0 (JSON Schema 2020-12, section 4.2.3).
using WholeNumber = base::Decimal<0>;

}  // namespace

namespace detail {

const std::string* number_text(const Value& value, const Issues& issues, std::string_view code,
                               std::string_view expected) {
    if (value.kind == Value::Kind::kNumber || value.kind == Value::Kind::kText) return &value.text;
    issues.fail(code, fmt::format("must be {}", expected));
    return nullptr;
}

std::optional<std::int64_t> decode_integer(const Value& value, const Issues& issues,
                                           std::int64_t lowest, std::int64_t highest) {
    const auto* text = number_text(value, issues, "int_type", "a whole number");
    if (text == nullptr) return std::nullopt;
    const auto parsed = WholeNumber::parse(*text);
    const auto number = parsed.value.units();
    if (parsed.error == base::DecimalError::kRange ||
        (!parsed.error && (number < lowest || number > highest))) {
        issues.fail("int_range", fmt::format("must be from {} to {}", lowest, highest));
        return std::nullopt;
    }
    if (parsed.error) {
        issues.fail("int_type", "must be a whole number");
        return std::nullopt;
    }
    return number;
}

boost::json::object describe_one_of(const std::string_view* words, std::size_t count) {
    boost::json::array values;
    for (const auto word : std::span(words, count))
        values.emplace_back(word);
    return {{"type", "string"}, {"enum", std::move(values)}};
}

void fail_one_of(const Issues& issues, const std::string_view* words, std::size_t count) {
    issues.fail("one_of", fmt::format("must be one of {}", fmt::join(words, words + count, ", ")));
}

void fail_decimal(const Issues& issues, base::DecimalError error, int scale) {
    switch (error) {
        case base::DecimalError::kSyntax:
            issues.fail("decimal_type", "must be a number");
            return;
        case base::DecimalError::kPrecision:
            issues.fail("decimal_places",
                        fmt::format("must have at most {} decimal places", scale));
            return;
        case base::DecimalError::kRange:
            issues.fail("decimal_range", "must have fewer digits: the number is too large");
            return;
    }
}

}  // namespace detail

std::optional<bool> Codec<bool>::decode(const Value& value, const Issues& issues) {
    if (value.kind == Value::Kind::kBool) return value.boolean;
    if (value.kind == Value::Kind::kText) {
        if (value.text == "true" || value.text == "1") return true;
        if (value.text == "false" || value.text == "0") return false;
    }
    issues.fail("bool_type", "must be true or false");
    return std::nullopt;
}

std::optional<double> Codec<double>::decode(const Value& value, const Issues& issues) {
    const auto* text = detail::number_text(value, issues, "number_type", "a number");
    if (text == nullptr) return std::nullopt;
    double number = 0;
    const char* const last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, number);
    if (error == std::errc::result_out_of_range) {
        issues.fail("number_range", "must be within the range of a double");
        return std::nullopt;
    }
    if (error != std::errc() || end != last || !std::isfinite(number)) {
        issues.fail("number_type", "must be a number");
        return std::nullopt;
    }
    return number;
}

void Codec<double>::encode(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    out.append(buffer.data(), end);
}

std::optional<std::string> Codec<std::string>::decode(const Value& value, const Issues& issues) {
    if (value.kind != Value::Kind::kString && value.kind != Value::Kind::kText) {
        issues.fail("string_type", "must be a string");
        return std::nullopt;
    }
    if (!base::utf8::length(value.text)) {
        issues.fail("invalid_utf8", "must be valid UTF-8");
        return std::nullopt;
    }
    return value.text;
}

void Codec<std::string>::encode(std::string& out, const std::string& value) {
    append_json_string(out, value);
}

std::optional<base::Timestamp> Codec<base::Timestamp>::decode(const Value& value,
                                                              const Issues& issues) {
    const auto text = Codec<std::string>::decode(value, issues);
    if (!text) return std::nullopt;
    auto time = base::parse_rfc3339(*text);
    if (!time) issues.fail("date_time", "must be a date-time such as 2026-01-31T12:00:00Z");
    return time;
}

}  // namespace schema
