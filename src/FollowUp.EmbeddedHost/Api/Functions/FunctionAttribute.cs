namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a public method as a function. A method has one trigger parameter, which says what starts it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    /// <summary>The name that the host knows the function by: unique in the app without regard to case.</summary>
    public string Name { get; } = name;
}
