#include "log_queue.hpp"

#include <algorithm>
#include <cstring>
#include <pthread.h>
#include <utility>

#include <telemetry/log.hpp>

namespace telemetry::log {
namespace {

// Short enough for people who watch, long enough for a hundred lines of a busy service.
constexpr std::chrono::milliseconds kBatchDelay(5);
// For one write: the capacity of a Linux pipe.
constexpr std::size_t kBatchBytes = 64UL * 1024;
static_assert(kBatchBytes >= kMaxLineBytes);

}  // namespace

LogQueue::LogQueue(std::size_t capacity, std::function<void(std::string_view)> write)
    : capacity_(std::max(capacity, kMaxLineBytes)),
      ring_(std::make_unique_for_overwrite<char[]>(capacity_)),
      write_(std::move(write)),
      thread_([this] { run(); }) {}

LogQueue::~LogQueue() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        work_.notify_all();
    }
    thread_.join();
}

void LogQueue::push(std::string_view line) {
    const std::lock_guard lock(mutex_);
    while (capacity_ - size_ < line.size() + 1)
        drop_oldest();
    append(line);
    append("\n");
    ++pushed_;
    if (std::exchange(idle_, false)) work_.notify_one();
}

void LogQueue::flush(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    const auto target = pushed_;
    hurry_ = true;
    work_.notify_one();
    // First in, first out: when as many lines have left as had been pushed, ours are among them.
    progress_.wait_for(lock, patience, [&] { return written_ + dropped_ >= target; });
    hurry_ = false;
}

std::uint64_t LogQueue::dropped() {
    const std::lock_guard lock(mutex_);
    return dropped_;
}

void LogQueue::run() {
    ::pthread_setname_np(::pthread_self(), "log");
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        idle_ = size_ == 0;
        work_.wait(lock, [this] { return size_ > 0 || ending_; });
        if (size_ == 0) return;
        if (size_ < kBatchBytes) {
            work_.wait_for(lock, kBatchDelay, [this] { return hurry_ || ending_; });
        }
        take(batch);
        lock.unlock();
        write_(batch);
        const auto lines = std::ranges::count(batch, '\n');
        lock.lock();
        written_ += static_cast<std::uint64_t>(lines);
        progress_.notify_all();
    }
}

void LogQueue::append(std::string_view bytes) {
    const auto end = (head_ + size_) % capacity_;
    const auto first = std::min(bytes.size(), capacity_ - end);
    std::memcpy(ring_.get() + end, bytes.data(), first);
    std::memcpy(ring_.get(), bytes.data() + first, bytes.size() - first);
    size_ += bytes.size();
}

// The oldest contiguous bytes.
std::string_view LogQueue::front(std::size_t most) const {
    return {ring_.get() + head_, std::min({most, size_, capacity_ - head_})};
}

void LogQueue::remove(std::size_t bytes) {
    head_ = (head_ + bytes) % capacity_;
    size_ -= bytes;
}

void LogQueue::drop_oldest() {
    for (bool dropped = false; !dropped;) {
        const auto piece = front(size_);
        const auto end = piece.find('\n');
        dropped = end != std::string_view::npos;
        remove(dropped ? end + 1 : piece.size());
    }
    ++dropped_;
}

void LogQueue::take(std::string& batch) {
    batch.clear();
    const auto size = std::min(size_, kBatchBytes);
    const auto piece = front(size);
    batch.append(piece);
    batch.append(ring_.get(), size - piece.size());
    batch.resize(batch.rfind('\n') + 1);  // whole lines
    remove(batch.size());
}

}  // namespace telemetry::log
