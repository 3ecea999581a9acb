#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/system/errc.hpp>
#include <fmt/format.h>

#include <schema/value.hpp>

namespace schema {
namespace {

namespace json = boost::json;

constexpr auto kTooManyValues = boost::system::errc::value_too_large;

// Builds a Value from the events of Boost.JSON's parser. The strings may come in several parts.
class Builder {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    bool on_document_begin(boost::system::error_code&) { return true; }
    bool on_document_end(boost::system::error_code&) { return true; }
    bool on_object_begin(boost::system::error_code&) { return open(Value::Kind::kObject); }
    bool on_object_end(std::size_t, boost::system::error_code& error) { return close(error); }
    bool on_array_begin(boost::system::error_code&) { return open(Value::Kind::kArray); }
    bool on_array_end(std::size_t, boost::system::error_code& error) { return close(error); }

    bool on_key_part(json::string_view part, std::size_t, boost::system::error_code&) {
        return append(part);
    }
    bool on_key(json::string_view part, std::size_t, boost::system::error_code&) {
        append(part);
        stack_.back().members.push_back({std::exchange(buffer_, {}), {}});
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, boost::system::error_code&) {
        return append(part);
    }
    bool on_string(json::string_view part, std::size_t, boost::system::error_code& error) {
        append(part);
        return add({.kind = Value::Kind::kString, .text = std::exchange(buffer_, {})}, error);
    }
    bool on_number_part(json::string_view part, boost::system::error_code&) { return append(part); }
    bool on_int64(std::int64_t, json::string_view part, boost::system::error_code& error) {
        return number(part, error);
    }
    bool on_uint64(std::uint64_t, json::string_view part, boost::system::error_code& error) {
        return number(part, error);
    }
    bool on_double(double, json::string_view part, boost::system::error_code& error) {
        return number(part, error);
    }
    bool on_bool(bool value, boost::system::error_code& error) {
        return add({.kind = Value::Kind::kBool, .boolean = value}, error);
    }
    bool on_null(boost::system::error_code& error) { return add({}, error); }
    bool on_comment_part(json::string_view, boost::system::error_code&) { return true; }
    bool on_comment(json::string_view, boost::system::error_code&) { return true; }

    Value take() { return std::move(root_); }

private:
    bool append(json::string_view part) {
        buffer_.append(part.data(), part.size());
        return true;
    }
    bool number(json::string_view part, boost::system::error_code& error) {
        append(part);
        return add({.kind = Value::Kind::kNumber, .text = std::exchange(buffer_, {})}, error);
    }
    bool open(Value::Kind kind) {
        stack_.push_back({.kind = kind});
        return true;
    }
    bool close(boost::system::error_code& error) {
        auto value = std::move(stack_.back());
        stack_.pop_back();
        return add(std::move(value), error);
    }
    // Every value passes here once, also one that is a member.
    bool add(Value value, boost::system::error_code& error) {
        if (++count_ > kMaxValues) {
            error = make_error_code(kTooManyValues);
            return false;
        }
        if (stack_.empty()) {
            root_ = std::move(value);
        } else if (stack_.back().kind == Value::Kind::kArray) {
            stack_.back().items.push_back(std::move(value));
        } else {
            stack_.back().members.back().value = std::move(value);
        }
        return true;
    }

    std::size_t count_ = 0;
    std::string buffer_;
    std::vector<Value> stack_;
    Value root_;
};

std::string describe(const boost::system::error_code& error) {
    if (error == kTooManyValues) return fmt::format("more than {} values", kMaxValues);
    if (error == json::error::exponent_overflow) return "the exponent of a number is too large";
    return error.message();
}

SyntaxError locate(std::string_view text, std::size_t offset, std::string message) {
    SyntaxError error{.offset = offset, .message = std::move(message)};
    for (const char c : text.substr(0, offset)) {
        ++error.column;
        if (c == '\n') {
            ++error.line;
            error.column = 1;
        }
    }
    return error;
}

}  // namespace

Value Value::from_text(std::string_view text) {
    return {.kind = Kind::kText, .text = std::string(text)};
}

std::variant<Value, SyntaxError> parse(std::string_view text) {
    json::parse_options options;
    options.max_depth = 32;
    json::basic_parser<Builder> parser(options);
    json::error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (error) return locate(text, consumed, describe(error));
    if (consumed < text.size()) return locate(text, consumed, "extra data after the JSON value");
    return parser.handler().take();
}

}  // namespace schema
