// The kinds of failure that are exceptions; everything expected is a value in a signature.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

namespace base {

/// The outcome of failed work.
enum class Outcome {
    kNotDone,  ///< certainly not done: a retry is safe
    kUnknown,  ///< it may or may not have been done
};

/// A dependency of this process is unavailable or overloaded, and a later attempt may succeed. The
/// web layer answers 503, with Retry-After unless the request may have changed something. what()
/// goes to the log and never to the client.
class Unavailable : public std::runtime_error {
public:
    explicit Unavailable(const std::string& what, Outcome outcome = Outcome::kNotDone,
                         std::chrono::seconds retry_after = std::chrono::seconds(1))
        : std::runtime_error(what), outcome_(outcome), retry_after_(retry_after) {}

    [[nodiscard]] Outcome outcome() const noexcept { return outcome_; }
    [[nodiscard]] std::chrono::seconds retry_after() const noexcept { return retry_after_; }

private:
    Outcome outcome_;
    std::chrono::seconds retry_after_;
};

/// The request conflicts with stored data, such as a second row with a unique name. The web layer
/// answers 409. A mixin: libraries also derive their own exceptions from it, so that the web layer
/// does not need to know them.
class Conflict {
public:
    virtual ~Conflict() = default;

protected:
    Conflict() = default;
    Conflict(const Conflict&) = default;
    Conflict& operator=(const Conflict&) = default;
};

/// The configuration cannot be used. what() lists every problem, one per line, for the person who
/// set the variables.
class ConfigError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace base
