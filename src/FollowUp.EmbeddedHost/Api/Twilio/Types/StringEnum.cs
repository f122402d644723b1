namespace Twilio.Types;

/// <summary>An enumeration whose values are Twilio's words; a word that this version does not know is kept as it came.</summary>
public abstract class StringEnum
{
    private readonly string? _value;

    protected StringEnum(string value) => _value = value;

    public static bool operator ==(StringEnum? a, StringEnum? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(StringEnum? a, StringEnum? b) => !(a == b);

    public override string ToString() => _value!;

    public override bool Equals(object? obj) => obj is StringEnum other && other.GetType() == GetType() && other._value == _value;

    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;
}
