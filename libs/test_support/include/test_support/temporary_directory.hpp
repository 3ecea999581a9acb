// A directory for the files of one test.
#pragma once

#include <filesystem>
#include <string_view>

namespace test_support {

/// A new, empty directory below the system's directory for temporary files (TMPDIR), which no other
/// test and no other process uses. It goes away with the object, with all that is in it. Throws
/// std::system_error when it cannot be made.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// Writes a file, and the directories above it that are missing. Yields the file's path.
    std::filesystem::path write(const std::filesystem::path& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

}  // namespace test_support
