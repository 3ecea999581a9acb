// The bytes that a connection has received and not yet parsed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace web::server {

/// Small while a connection idles, so that thousands of them cost little; grows on demand.
class InputBuffer {
public:
    /// Holds a usual request header, and is what an idle connection keeps.
    static constexpr std::size_t kSmall = 2048;

    [[nodiscard]] std::string_view view() const noexcept {
        return {data_.get() + begin_, end_ - begin_};
    }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    /// Free space behind the bytes that are there: at least a quarter of `wanted`, so that one
    /// read is worth its system call.
    [[nodiscard]] std::span<char> prepare(std::size_t wanted) {
        if (empty()) begin_ = end_ = 0;
        if (capacity_ - end_ < wanted / 4) {
            const auto used = end_ - begin_;
            const auto capacity = std::max(capacity_, used + wanted);
            auto data = std::make_unique_for_overwrite<char[]>(capacity);
            if (used > 0) std::memcpy(data.get(), data_.get() + begin_, used);
            data_ = std::move(data);
            capacity_ = capacity;
            begin_ = 0;
            end_ = used;
        }
        return {data_.get() + end_, capacity_ - end_};
    }
    /// The first n bytes of what prepare() returned are filled.
    void commit(std::size_t n) noexcept { end_ += n; }
    void consume(std::size_t n) noexcept { begin_ += n; }

    /// Gives back what a large request needed. Keeps the bytes that are there.
    void shrink() noexcept {
        if (!empty() || capacity_ <= kSmall) return;
        data_.reset();
        capacity_ = begin_ = end_ = 0;
    }

private:
    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace web::server
