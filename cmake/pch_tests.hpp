// What nearly every test parses besides: GoogleTest and the library's threads cost a test a fifth
// of its time.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
