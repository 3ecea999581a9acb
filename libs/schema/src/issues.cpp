#include <utility>

#include <schema/issues.hpp>

namespace schema {

void Issues::fail(std::string_view code, std::string message) const {
    if (full()) return;
    std::string pointer;
    append_pointer(pointer);
    issues_->push_back({std::move(pointer), std::string(code), std::move(message)});
}

void Issues::append_pointer(std::string& out) const {
    if (parent_ == nullptr) return;
    parent_->append_pointer(out);
    out += '/';
    if (member_.data() == nullptr) {
        out += std::to_string(index_);
        return;
    }
    // RFC 6901, section 3: "~" and "/" are escaped.
    for (const char c : member_) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
}

}  // namespace schema
