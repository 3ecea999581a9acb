// The problems of an input and their places, collected, so that a client learns all of them at
// once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace schema {

/// One violated expectation.
struct Issue {
    std::string pointer;  ///< JSON pointer (RFC 6901): "/items/17/price"; "" is the whole value
    std::string code;     ///< stable, for programs: "greater_than_equal"
    std::string message;  ///< for people
};

/// At most this many issues are kept for one input: a list of a million wrong items must not
/// become an answer of a million lines.
inline constexpr std::size_t kMaxIssues = 100;

/// Where decoders report issues: a place in the input, and the list that they go to.
class Issues {
public:
    explicit Issues(std::vector<Issue>& issues) : issues_(&issues) {}

    /// The place one level deeper, for as long as its parent lives.
    [[nodiscard]] Issues at(std::string_view member) const { return {*this, member, 0}; }
    [[nodiscard]] Issues at(std::size_t index) const { return {*this, {}, index}; }

    void fail(std::string_view code, std::string message) const;
    [[nodiscard]] bool full() const { return issues_->size() >= kMaxIssues; }

private:
    Issues(const Issues& parent, std::string_view member, std::size_t index)
        : issues_(parent.issues_), parent_(&parent), member_(member), index_(index) {}
    void append_pointer(std::string& out) const;

    std::vector<Issue>* issues_;
    const Issues* parent_ = nullptr;
    std::string_view member_;  // data() == nullptr: an array element
    std::size_t index_ = 0;
};

}  // namespace schema
