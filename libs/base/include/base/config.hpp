// Typed configuration from environment variables (https://12factor.net/config).
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Reads variables one by one and collects their problems. finish() reports all problems at once,
/// so that nobody has to fix them one start at a time. Only a service's config.cpp uses it: the
/// rest of the program sees a plain struct.
///
///     EnvReader env;
///     Config config{.port = env.integer("API_PORT", 8000, 1, 65535)};
///     env.finish();
class EnvReader {
public:
    using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

    /// Reads the environment of the process; tests pass their own look-up.
    EnvReader();
    explicit EnvReader(Lookup lookup);
    explicit EnvReader(std::map<std::string, std::string> variables);

    /// The text of a variable; an empty value counts as not set, as in shell's ${X:-default}.
    [[nodiscard]] std::string text(const std::string& name, std::string fallback);
    /// A variable without a sensible default. It is a problem if it is missing.
    [[nodiscard]] std::string required(const std::string& name, std::string_view purpose);
    /// A required secret: NAME holds it, or NAME_FILE names a file with it, as Compose and
    /// Kubernetes mount secrets. A line break at the end of the file is ignored. Setting both is a
    /// problem.
    [[nodiscard]] std::string secret(const std::string& name, std::string_view purpose);
    /// A whole number within [lowest, highest].
    [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t fallback,
                                       std::int64_t lowest, std::int64_t highest);
    /// true/false, 1/0, yes/no, on/off, in any case.
    [[nodiscard]] bool flag(const std::string& name, bool fallback);
    /// A number of seconds within [0, highest]; fractions are read to the millisecond.
    [[nodiscard]] std::chrono::milliseconds seconds(const std::string& name,
                                                    std::chrono::milliseconds fallback,
                                                    std::chrono::milliseconds highest);
    /// A number within [0, 1], read to the sixth decimal place.
    [[nodiscard]] double fraction(const std::string& name, double fallback);
    /// One of a fixed set of words.
    [[nodiscard]] std::string choice(const std::string& name, std::string fallback,
                                     const std::vector<std::string>& allowed);
    /// Comma-separated values, trimmed, empty ones dropped.
    [[nodiscard]] std::vector<std::string> list(const std::string& name);

    /// Reports a problem that one of the service's own rules found.
    void problem(const std::string& name, std::string_view what);

    /// Throws a ConfigError that names all problems so far; does nothing without any.
    void finish() const;

private:
    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;

    Lookup lookup_;
    std::vector<std::string> problems_;
};

}  // namespace base
