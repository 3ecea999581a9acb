// Lines on their way out of the process: a bounded ring of bytes and the thread that empties it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace telemetry::log {

/// The writer wakes at most once per kBatchDelay and takes all new lines. A busy service then pays
/// one copy per line and not two system calls (to wake a thread and to write).
class LogQueue {
public:
    /// `write` gets whole lines, each with its line feed, from the queue's thread. It must not
    /// throw. `capacity` is raised to one line of the maximal size.
    LogQueue(std::size_t capacity, std::function<void(std::string_view lines)> write);
    /// Returns when everything is written.
    ~LogQueue();
    LogQueue(const LogQueue&) = delete;
    LogQueue& operator=(const LogQueue&) = delete;

    /// Appends a line without a line feed, of at most kMaxLineBytes - 1 bytes. If there is no room,
    /// drops the oldest lines.
    void push(std::string_view line);

    /// Waits until the lines pushed so far are written or dropped, for at most `patience`.
    void flush(std::chrono::milliseconds patience);

    [[nodiscard]] std::uint64_t dropped();

private:
    void run();
    void append(std::string_view bytes);
    void drop_oldest();
    [[nodiscard]] std::string_view front(std::size_t most) const;
    void remove(std::size_t bytes);
    void take(std::string& batch);

    const std::size_t capacity_;
    const std::unique_ptr<char[]> ring_;
    const std::function<void(std::string_view)> write_;

    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable progress_;
    std::size_t head_ = 0;  // where the oldest line starts
    std::size_t size_ = 0;
    std::uint64_t pushed_ = 0;  // lines, as are the two below
    std::uint64_t written_ = 0;
    std::uint64_t dropped_ = 0;
    bool idle_ = false;   // the thread sleeps until there is a line
    bool hurry_ = false;  // a caller waits: do not collect lines first
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace telemetry::log
