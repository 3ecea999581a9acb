// Everything that a service's schemas need.
#pragma once

#include <schema/codec.hpp>
#include <schema/compound_codecs.hpp>
#include <schema/constrained.hpp>
#include <schema/enum_codec.hpp>
#include <schema/list.hpp>
#include <schema/plain_text.hpp>
#include <schema/scalar_codecs.hpp>
#include <schema/struct_codec.hpp>
#include <schema/text.hpp>
#include <schema/value.hpp>
